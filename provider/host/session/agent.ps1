# Runs batches of cmdlet calls that arrive as data, and answers with data. Windows PowerShell 5.1 and PowerShell 7.
#
# Request, a line on standard input: base64 of UTF-8 CLIXML of { id, batches: [[call, ...], ...] }, which keeps every
# string as it is; JSON would make dates of texts in 7. Answer, lines on standard output: #hv <token> <request> <kind>
# <base64 of deflated UTF-8 CLIXML>, ASCII whatever the code page. Any other line is noise of a cmdlet.
param([string] $Settings)

$ErrorActionPreference = 'Stop'
$WarningPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'

$output = New-Object System.IO.StreamWriter([Console]::OpenStandardOutput(), (New-Object System.Text.ASCIIEncoding))
$output.AutoFlush = $true
$invariant = [Globalization.CultureInfo]::InvariantCulture

function ConvertFrom-Line([string] $Line) {
    $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Line))
    [Management.Automation.PSSerializer]::Deserialize($text)
}

# U+FFFE and U+FFFF, which PSSerializer cannot write, as what the other side knows them by.
function Protect-Text($Value) {
    if ($Value -is [string]) { return $Value.Replace([string][char]0xfffe, "$token-e").Replace([string][char]0xffff, "$token-f") }
    if ($Value -is [Collections.IList]) { return , @(foreach ($item in $Value) { Protect-Text $item }) }
    if ($Value -isnot [Collections.IDictionary]) { return , $Value }
    $table = @{}
    foreach ($entry in $Value.GetEnumerator()) { $table[$entry.Key] = Protect-Text $entry.Value }
    return $table
}

# CLIXML is written by the engine itself: as JSON, by a script's own lines, the same takes three times as long.
function Send-Frame($Request, [string] $Kind, $Body) {
    try { $clixml = [Management.Automation.PSSerializer]::Serialize($Body, 10) }
    catch { $clixml = [Management.Automation.PSSerializer]::Serialize((Protect-Text $Body), 10) }
    $text = [Text.Encoding]::UTF8.GetBytes($clixml)
    $packed = New-Object IO.MemoryStream
    $deflate = New-Object IO.Compression.DeflateStream $packed, ([IO.Compression.CompressionMode]::Compress)
    $deflate.Write($text, 0, $text.Length)
    $deflate.Dispose()
    $output.Write("`n#hv $token $Request $Kind $([Convert]::ToBase64String($packed.ToArray()))`n")
}

# What each value is: in place of an object the token, before a list's elements the token and their number, or the scalar itself.
function Get-Kind($Values, $Objects) {
    foreach ($value in $Values) {
        $items, $isList = @(, $value), $false
        if ($value -is [Collections.IEnumerable] -and $value -isnot [string]) {
            $isList = $null -ne [Management.Automation.LanguagePrimitives]::GetEnumerable($value) # a dictionary is none
            if ($isList) { $items = @(foreach ($each in $value) { , $each }); "$token $($items.Count)" }
        }
        foreach ($item in $items) {
            $isScalar = $null -eq $item -or $item -is [string] -or $item -is [ValueType]
            if ($isScalar) { , $item.PSObject.BaseObject; continue }
            # a call for each list, and not only for those in lists, would take longer than all the rest
            if ($isList -and $item -is [Collections.IEnumerable]) { Get-Kind (, $item) $Objects; continue }
            $token
            [void]$Objects.Add($item)
        }
    }
}

# Of each value what is selected, by columns, as each list and each object more costs something: the kinds of all values, then
# each property of all objects among them.
function Select-Value($Values, $Select) {
    $objects = New-Object System.Collections.ArrayList
    return , @(
        , @(Get-Kind $Values $objects)
        foreach ($property in $Select) {
            $name, $below = $property
            # from the wrapper, as the base lacks what was added to an object
            $column = @(foreach ($object in $objects) {
                $cell = $object.PSObject.Properties[$name].Value
                if ($null -eq $cell) { , $null } else { , $cell } # a property that is a script may give less than null
            })
            $isEnum = $column[0] -is [Enum] -and $column -notcontains $null -and $null -ne ($column -as [Enum[]])
            if ($isEnum) { $column = [string[]]$column } # to the serializer each would be an object
            if ($null -eq $below) { , $column } else { , (Select-Value $column $below) }
        }
    )
}

function Test-Match($Object, $Where) {
    foreach ($condition in $Where.GetEnumerator()) {
        $is = $Object
        foreach ($name in $condition.Key.Split('.')) { $is = $is.$name }
        # -eq would compare by culture, to which some characters are nothing
        if (-not ([string]$is).Equals([string]$condition.Value, [StringComparison]::OrdinalIgnoreCase)) { return $false }
    }
    return $true
}

function Resolve-Reference($Reference, $Results) {
    $name = [string]$Reference['$ref']
    if (-not $Results.ContainsKey($name)) { throw "No earlier call of the batch returned '$name'." }
    $found = $Results[$name]
    if ($Reference.Contains('property')) { $found = $found | ForEach-Object { $_.($Reference['property']) } }
    if ($Reference.Contains('where')) { $found = $found | Where-Object { Test-Match $_ $Reference['where'] } }
    return , @($found)
}

# A parameter as the cmdlet wants it: objects in place of references, a SecureString in place of a secret.
function Resolve-Argument($Value, $Results) {
    if ($Value -is [Collections.IList]) {
        # among others the objects of a reference are several elements; a list within a list stays one
        return , @(foreach ($item in $Value) {
            if ($item -is [string]) { $item; continue }
            $refers = $item -is [Collections.IDictionary] -and $item.Contains('$ref')
            if ($refers) { (Resolve-Reference $item $Results) } else { Resolve-Argument $item $Results }
        })
    }
    if ($Value -isnot [Collections.IDictionary]) { return $Value }
    if ($Value.Contains('$secret')) { return (New-Object Net.NetworkCredential('', $Value['$secret'])).SecurePassword }
    if ($Value.Contains('$ref')) {
        $objects = Resolve-Reference $Value $Results
        if ($objects.Count -eq 1) { return , $objects[0] } else { return , $objects }
    }
    $table = @{}
    foreach ($entry in $Value.GetEnumerator()) { $table[$entry.Key] = Resolve-Argument $entry.Value $Results }
    return $table
}

# A change of a clustered machine updates its role by itself, in a way that a remote session refuses after the change was
# made. The record then names the cmdlet that failed, not the one that was called. For this node it needs no second hop.
function Repair-Configuration($Record, $Call, $Parameters) {
    $update, $machine = 'Update-ClusterVirtualMachineConfiguration', 'Microsoft.HyperV.PowerShell.VirtualMachine'
    $named = ($Record.FullyQualifiedErrorId + ' ' + $Record.CategoryInfo.Activity).Replace('-', '')
    $ids = @{}
    foreach ($object in @($Parameters.Values | ForEach-Object { $_ })) {
        # the switch that an adapter is connected to has an id too
        $isMachine = $object.PSObject.TypeNames -eq $machine
        if ($isMachine) { $ids[$object.Id] = $true } elseif ($object.VMId -is [Guid]) { $ids[$object.VMId] = $true }
    }
    $isUpdate = $named -match $update.Replace('-', '') -and $Call['cmdlet'] -ne $update
    if (-not $isUpdate -or $ids.Count -eq 0) { throw $Record }
    foreach ($id in $ids.Keys) { [void](& "FailoverClusters\$update" -Cluster '.' -VMId $id -ErrorAction Stop 3>&1) }
}

# There is no Set cmdlet for a cluster's groups: properties are assigned, lists as the one type that they take.
function Set-Property($Target, [string] $Name, $Value) {
    $strings = 'System.Collections.Specialized.StringCollection'
    if ($Target.PSObject.Properties[$Name].TypeNameOfValue -ne $strings) { $Target.$Name = $Value; return }
    $list = New-Object $strings
    $list.AddRange([string[]]@($Value))
    $Target.$Name = $list
}

function Invoke-Call($Call, $Results, $Objects, $Warnings) {
    if ($Call.Contains('assign')) {
        $value = Resolve-Argument $Call['value'] $Results
        $targets = Resolve-Reference $Call['target'] $Results
        foreach ($target in $targets) { Set-Property $target $Call['assign'] $value }
        return
    }
    $name = [string]$Call['cmdlet']
    if (-not $modules.ContainsKey($name)) { throw "The resources do not use the cmdlet '$name'." }
    $parameters = Resolve-Argument $Call['parameters'] $Results
    $parameters['ErrorAction'] = 'Stop'
    try {
        & ($modules[$name] + '\' + $name) @parameters 3>&1 | ForEach-Object {
            if ($_ -isnot [Management.Automation.WarningRecord]) { [void]$Objects.Add($_) }
            else { [void]$Warnings.Add($_.Message) }
        }
    } catch { Repair-Configuration $_ $Call $parameters }
}

function Get-ErrorFact($Record) {
    $codes = for ($exception = $Record.Exception; $null -ne $exception; $exception = $exception.InnerException) {
        $exception.ErrorCode, $exception.HResult | Where-Object { $_ -is [int] } # ClusterCmdletException has it apart
    }
    @{
        id = $Record.FullyQualifiedErrorId; category = $Record.CategoryInfo.Category
        exception = $Record.Exception.GetType().FullName; message = $Record.Exception.Message
        hresult = $Record.Exception.HResult; hresults = @($codes); target = [string]$Record.TargetObject
    }
}

function Send-Batch($Request, [int] $Batch, $Calls) {
    if (-not $options['keepsResults']) { $results.Clear() }
    for ($at = 0; $at -lt $Calls.Count -and -not $lines.IsAddingCompleted; $at++) {
        $call = $Calls[$at]
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $objects, $warnings = (New-Object System.Collections.ArrayList), (New-Object System.Collections.ArrayList)
        $answer = @{ batch = $Batch; call = $at; values = @(); warnings = @(); error = $null }
        try {
            Invoke-Call $call $results $objects $warnings
            if ($call.Contains('as')) { $results[[string]$call['as']] = $objects.ToArray() }
            if ($call.Contains('select')) { $answer['values'] = Select-Value $objects.ToArray() $call['select'] }
        } catch { $answer['error'] = Get-ErrorFact $_ }
        $answer['warnings'] = $warnings.ToArray()
        $answer['milliseconds'] = $watch.ElapsedMilliseconds
        Send-Frame $Request 'call' $answer
        if ($null -ne $answer['error']) { return }
    }
}

function Get-Greeting {
    $process = [Diagnostics.Process]::GetCurrentProcess()
    $facts = @{
        version = $PSVersionTable['PSVersion'].ToString(); edition = $PSVersionTable['PSEdition']
        system = [Environment]::OSVersion.Version.ToString(); culture = [Globalization.CultureInfo]::CurrentUICulture.Name
        computer = [Environment]::MachineName; user = [Environment]::UserName
        process = @{ id = $process.Id; started = $process.StartTime }
        modules = @{}; rights = $null; cluster = $null
    }
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') {
        $user = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
        $facts['rights'] = @{ # by ids: the names of groups are localised
            administrator = $user.IsInRole([Security.Principal.SecurityIdentifier]'S-1-5-32-544')
            hyperVAdministrator = $user.IsInRole([Security.Principal.SecurityIdentifier]'S-1-5-32-578')
        }
    }
    # loaded now, while connecting: a first call into Hyper-V takes seconds
    foreach ($name in 'Hyper-V', 'FailoverClusters') {
        try { $facts['modules'][$name] = @{ version = @(Import-Module -Name $name -PassThru)[0].Version.ToString() } }
        catch { $facts['modules'][$name] = @{ error = Get-ErrorFact $_ } }
    }
    if ($null -ne (Get-Module -Name FailoverClusters)) {
        try { $facts['cluster'] = @{ name = (FailoverClusters\Get-Cluster).Name; node = [Environment]::MachineName } }
        catch { $facts['cluster'] = @{ error = Get-ErrorFact $_ } }
    }
    return $facts
}

$options = ConvertFrom-Line $Settings
$token = $options['token']
$modules = $options['cmdlets']
$results = @{}

# A session that was lost may be at a call still. Nobody looks before that is over, or was given a minute.
foreach ($predecessor in $options['predecessors']) {
    try {
        $process = [Diagnostics.Process]::GetProcessById($predecessor['id'])
        $started = [DateTime]::Parse($predecessor['started'], $invariant, 'RoundtripKind')
        $same = [Math]::Abs(($process.StartTime.ToUniversalTime() - $started).TotalSeconds) -le 2 # ids are used again
        if ($same -and -not $process.WaitForExit(60000)) { $process.Kill() }
    } catch { continue } # it is over, or not ours to wait for
}

# Read beside the calls. Where the input ends, or says 'last', no further call begins; 'end' ends whatever runs.
$lines = New-Object 'System.Collections.Concurrent.BlockingCollection[string]'
$reader = [PowerShell]::Create([Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
[void]$reader.AddScript({
    param($Lines)
    $Lines.Add('')
    while ($null -ne ($line = [Console]::In.ReadLine()) -and $line -ne 'last') {
        if ($line -eq 'end') { [Environment]::Exit(0) }
        $Lines.Add($line)
    }
    $Lines.CompleteAdding()
    if ([Console]::In.ReadLine() -eq 'end') { [Environment]::Exit(0) }
}).AddArgument($lines)
[void]$reader.BeginInvoke()
$line = $null
if (-not $lines.TryTake([ref]$line, 30000)) { throw $reader.InvocationStateInfo.Reason }

try {
    Send-Frame 0 'hello' (Get-Greeting)
    foreach ($line in $lines.GetConsumingEnumerable()) {
        $id = 0
        try {
            $request = ConvertFrom-Line $line
            $id = $request['id']
            $batches = $request['batches']
            for ($batch = 0; $batch -lt $batches.Count; $batch++) { Send-Batch $id $batch $batches[$batch] }
            Send-Frame $id 'end' @{}
        } catch { Send-Frame $id 'failed' (Get-ErrorFact $_) }
    }
} catch {
    [Console]::Error.WriteLine([string]$_)
    [Environment]::Exit(1) # which the reader would keep from ending
}
[Environment]::Exit(0) # the reader may wait for a line still
