# Makes the lab's cluster objects live, as a host's are: what is assigned to a property reaches the backend at once.
# Runs in the lab, before the agent's bootstrap.
Import-Module -Name FailoverClusters
$hidden = [Reflection.BindingFlags]'NonPublic,Instance'
$context = $ExecutionContext.GetType().GetField('_context', $hidden).GetValue($ExecutionContext)
$types = $context.GetType().GetProperty('TypeTable', $hidden).GetValue($context)

function Send-Assignment($Target, [string] $Property, $Value) {
    $handle = [HyperVLab.LabObject].GetField('Handle', [Reflection.BindingFlags]'NonPublic,Instance').GetValue($Target)
    $said = @{ assign = $Property; target = @{ '$object' = $handle }; value = $Value }
    $reply = [HyperVLab.Backend]::Call([Text.Json.Nodes.JsonNode]::Parse((ConvertTo-Json -InputObject $said -Depth 4)))
    if ($null -ne $reply['error']) { throw $reply['error']['message'].ToString() }
}

foreach ($class in 'Cluster', 'ClusterGroup', 'ClusterNetwork', 'ClusterNode', 'ClusterResource', 'ClusterSharedVolume') {
    $type = [Type]"Microsoft.FailoverClusters.PowerShell.$class"
    $live = New-Object Management.Automation.Runspaces.TypeData $type.FullName
    foreach ($name in $type.GetProperties().Name) {
        $get = [ScriptBlock]::Create("`$value = `$this.PSBase.$name; if (`$value -is [Array]) { , `$value } else { `$value }")
        $set = [ScriptBlock]::Create("`$this.PSBase.$name = `$args[0]; Send-Assignment `$this '$name' `$args[0]")
        $live.Members.Add($name, (New-Object Management.Automation.Runspaces.ScriptPropertyData $name, $get, $set))
    }
    $types.AddType($live)
}
