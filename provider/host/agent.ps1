# Runs batches of cmdlet calls that arrive as data, and answers with data.
#
# Request, a line on standard input: base64 of UTF-8 CLIXML of { id, batches: [[call, ...], ...] }. CLIXML keeps every
# string as it is; JSON would make dates of texts in PowerShell 7. Answer, lines on standard output: #hv <token> <request>
# <kind> <base64 of JSON>, ASCII whatever the console's code page. Any other line is noise of a cmdlet. The end of standard
# input ends it. Windows PowerShell 5.1 and PowerShell 7; nothing newer than 5.1 in here.
param([string] $Settings)

$ErrorActionPreference = 'Stop'
$WarningPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'

$output = New-Object System.IO.StreamWriter([Console]::OpenStandardOutput(), (New-Object System.Text.ASCIIEncoding))
$output.AutoFlush = $true
$invariant = [Globalization.CultureInfo]::InvariantCulture
# control characters, and surrogates without their other half, which UTF-8 cannot carry
$unsafe = New-Object regex '[\x00-\x1f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]'
$escape = [Text.RegularExpressions.MatchEvaluator] { param($found) '\u{0:x4}' -f [int]$found.Value[0] }

function ConvertFrom-Line([string] $Line) {
    $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Line))
    [Management.Automation.PSSerializer]::Deserialize($text)
}

function Send-Frame($Request, [string] $Kind, [string] $Json) {
    $body = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Json))
    $output.Write("`n#hv $token $Request $Kind $body`n")
}

function ConvertTo-JsonString([string] $Text) {
    '"' + $unsafe.Replace($Text.Replace('\', '\\').Replace('"', '\"'), $escape) + '"'
}

# A value of the host as JSON: enums by name, dates in UTC, integers that a double cannot hold as text, of objects what
# is selected. ConvertTo-Json does these differently in 5.1 and 7, and unrolls lists of one.
function ConvertTo-JsonText($Value, $Select) {
    if ($null -eq $Value) { return 'null' }
    $base = $Value.PSObject.BaseObject
    if ($base -is [string] -or $base -is [Enum] -or $base -is [char]) { return ConvertTo-JsonString $base.ToString() }
    if ($base -is [bool] -or $base -is [switch]) { return ([bool]$base).ToString().ToLowerInvariant() }
    if ($base -is [DateTime]) { return ConvertTo-JsonString $base.ToUniversalTime().ToString('o', $invariant) }
    if ($base -is [decimal] -or $base.GetType().IsPrimitive) {
        $format = if ($base -is [double] -or $base -is [single]) { 'R' } else { 'G' }
        $text = $base.ToString($format, $invariant)
        if ($text -match '^-?\d+$' -and [Math]::Abs([decimal]$text) -le 9007199254740991) { return $text }
        if ($text -match '^-?\d+[.E]') { return $text }
        return ConvertTo-JsonString $text # NaN and Infinity are no JSON either
    }
    if ($base -is [Collections.IDictionary]) {
        $parts = foreach ($entry in $base.GetEnumerator()) {
            if ($null -eq $Select -or $Select.Contains($entry.Key)) {
                $below = if ($null -ne $Select) { $Select[$entry.Key] }
                (ConvertTo-JsonString $entry.Key) + ':' + (ConvertTo-JsonText $entry.Value $below)
            }
        }
        return '{' + ($parts -join ',') + '}'
    }
    if ($base -is [Collections.IEnumerable] -and $base -isnot [Xml.XmlNode]) {
        $parts = foreach ($item in $base) { ConvertTo-JsonText $item $Select }
        return '[' + ($parts -join ',') + ']'
    }
    if ($null -eq $Select) { return ConvertTo-JsonString $base.ToString() }
    $parts = foreach ($entry in $Select.GetEnumerator()) {
        # properties are read from the wrapper: what was added to an object is not on its base
        $property = $Value.PSObject.Properties[[string]$entry.Key]
        $text = if ($null -eq $property) { 'null' } else { ConvertTo-JsonText $property.Value $entry.Value }
        (ConvertTo-JsonString $entry.Key) + ':' + $text
    }
    return '{' + ($parts -join ',') + '}'
}

function Test-Match($Object, $Where) {
    foreach ($condition in $Where.GetEnumerator()) {
        # -eq would compare by culture, to which some characters are nothing
        $is = [string]$Object.($condition.Key)
        if (-not $is.Equals([string]$condition.Value, [StringComparison]::OrdinalIgnoreCase)) { return $false }
    }
    return $true
}

function Resolve-Reference($Reference, $Results) {
    $name = [string]$Reference['$ref']
    if (-not $Results.ContainsKey($name)) { throw "No earlier call of the batch returned '$name'." }
    $found = New-Object System.Collections.ArrayList
    foreach ($object in $Results[$name]) {
        if ($Reference.Contains('property')) { $value = $object.($Reference['property']) } else { $value = $object }
        if ($value -isnot [Collections.IList]) { $value = , $value }
        foreach ($item in $value) {
            if ($Reference.Contains('where') -and -not (Test-Match $item $Reference['where'])) { continue }
            [void]$found.Add($item)
        }
    }
    return , $found.ToArray()
}

# A parameter as the cmdlet wants it: objects in place of references, a SecureString in place of a secret.
function Resolve-Argument($Value, $Results) {
    if ($Value -is [Collections.IDictionary]) {
        if ($Value.Contains('$ref')) {
            $objects = Resolve-Reference $Value $Results
            if ($objects.Count -eq 1) { return , $objects[0] }
            return , $objects
        }
        if ($Value.Contains('$secret')) {
            $secure = New-Object System.Security.SecureString
            foreach ($character in $Value['$secret'].ToCharArray()) { $secure.AppendChar($character) }
            return $secure
        }
        $table = @{}
        foreach ($entry in $Value.GetEnumerator()) { $table[$entry.Key] = Resolve-Argument $entry.Value $Results }
        return $table
    }
    if ($Value -is [Collections.IList]) {
        $list = New-Object System.Collections.ArrayList
        foreach ($item in $Value) {
            if ($item -is [Collections.IDictionary] -and $item.Contains('$ref')) {
                $list.AddRange((Resolve-Reference $item $Results))
            } else { [void]$list.Add((Resolve-Argument $item $Results)) }
        }
        return , $list.ToArray()
    }
    return $Value
}

function Set-Property($Target, [string] $Name, $Value) {
    $property = $Target.PSObject.Properties[$Name]
    if ($null -ne $property -and $property.TypeNameOfValue -eq 'System.Collections.Specialized.StringCollection') {
        $list = New-Object System.Collections.Specialized.StringCollection
        foreach ($item in $Value) { [void]$list.Add([string]$item) }
        $Value = $list
    }
    $Target.$Name = $Value
}

# A change of a clustered machine updates its role by itself, in a way that a remote session refuses after the change was
# made. The record then names the cmdlet that failed, not the one that was called. For this node it needs no second hop.
function Repair-Configuration($Record, $Call, $Parameters) {
    $update = 'Update-ClusterVirtualMachineConfiguration'
    $named = @($Record.FullyQualifiedErrorId, $Record.CategoryInfo.Activity) -join ' '
    if (-not $modules.ContainsKey($update) -or $Call['cmdlet'] -eq $update) { throw $Record }
    if ($named.Replace('-', '') -notmatch $update.Replace('-', '')) { throw $Record }
    $ids = foreach ($object in @($Parameters.Values | ForEach-Object { $_ })) {
        if ($object -is [string] -or $object -is [ValueType]) { continue }
        foreach ($name in 'VMId', 'Id') {
            $id = $object.PSObject.Properties[$name]
            if ($null -ne $id -and $id.Value -is [Guid]) { $id.Value; break }
        }
    }
    if ($null -eq $ids) { throw $Record }
    foreach ($id in @($ids)) { [void](& "FailoverClusters\$update" -Cluster '.' -VMId $id -ErrorAction Stop 3>&1) }
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
    $command = $modules[$name] + '\' + $name
    $parameters = if ($Call.Contains('parameters')) { Resolve-Argument $Call['parameters'] $Results } else { @{} }
    $parameters['ErrorAction'] = 'Stop'
    try {
        & $command @parameters 3>&1 | ForEach-Object {
            if ($_ -is [Management.Automation.WarningRecord]) { [void]$Warnings.Add($_.Message) }
            else { [void]$Objects.Add($_) }
        }
    } catch { Repair-Configuration $_ $Call $parameters }
}

function Get-ErrorFact($Record) {
    $fact = @{
        id = $Record.FullyQualifiedErrorId; category = $Record.CategoryInfo.Category
        exception = $Record.Exception.GetType().FullName; hresult = $Record.Exception.HResult
        message = $Record.Exception.Message
    }
    if ($null -ne $Record.TargetObject) { $fact['target'] = $Record.TargetObject.ToString() }
    $codes = New-Object System.Collections.ArrayList
    for ($exception = $Record.Exception; $null -ne $exception; $exception = $exception.InnerException) {
        # ClusterCmdletException keeps its code apart
        foreach ($name in 'ErrorCode', 'HResult') {
            $code = $exception.PSObject.Properties[$name]
            if ($null -ne $code -and $code.Value -is [int]) { [void]$codes.Add($code.Value) }
        }
    }
    $fact['hresults'] = $codes.ToArray()
    return $fact
}

function Send-Batch($Request, [int] $Batch, $Calls) {
    if (-not $options['keepsResults']) { $results.Clear() }
    for ($at = 0; $at -lt $Calls.Count -and -not $lines.IsAddingCompleted; $at++) {
        $call = $Calls[$at]
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $objects = New-Object System.Collections.ArrayList
        $warnings = New-Object System.Collections.ArrayList
        $values = '[]'
        $failure = $null
        try {
            Invoke-Call $call $results $objects $warnings
            if ($call.Contains('as')) { $results[[string]$call['as']] = $objects.ToArray() }
            if ($call.Contains('select')) { $values = ConvertTo-JsonText $objects.ToArray() $call['select'] }
        } catch { $failure = Get-ErrorFact $_ }
        $facts = @{ batch = $Batch; call = $at; warnings = $warnings.ToArray(); error = $failure }
        $facts['milliseconds'] = $watch.ElapsedMilliseconds
        Send-Frame $Request 'call' ('{"values":' + $values + ',' + (ConvertTo-JsonText $facts).Substring(1))
        if ($null -ne $failure) { return }
    }
}

function Get-RightsFact {
    if ([Environment]::OSVersion.Platform -ne 'Win32NT') { return $null }
    $principal = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
    @{
        administrator = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
        # by its id: the group's name is localised
        hyperVAdministrator = $principal.IsInRole((New-Object Security.Principal.SecurityIdentifier('S-1-5-32-578')))
    }
}

function Get-Greeting {
    $facts = @{
        version = $PSVersionTable['PSVersion'].ToString(); edition = $PSVersionTable['PSEdition']
        culture = [Globalization.CultureInfo]::CurrentUICulture.Name; system = [Environment]::OSVersion.Version.ToString()
        computer = [Environment]::MachineName; user = [Environment]::UserName
        rights = Get-RightsFact; modules = @{}; cluster = $null
    }
    $process = [Diagnostics.Process]::GetCurrentProcess()
    $facts['process'] = @{ id = $process.Id; started = $process.StartTime }
    # loaded now, while connecting: a first call into Hyper-V takes seconds
    foreach ($name in 'Hyper-V', 'FailoverClusters') {
        try {
            $facts['modules'][$name] = @{ version = @(Import-Module -Name $name -PassThru)[0].Version.ToString() }
            if ($name -ne 'FailoverClusters') { continue }
            try {
                $facts['cluster'] = @{ name = (FailoverClusters\Get-Cluster).Name; node = [Environment]::MachineName }
            } catch { $facts['cluster'] = @{ error = Get-ErrorFact $_ } }
        } catch { $facts['modules'][$name] = @{ error = Get-ErrorFact $_ } }
    }
    return $facts
}

# A session that was lost may be at a call still. Nobody looks before that is over, or was given a minute.
function Wait-Predecessor($Predecessor) {
    try {
        $process = [Diagnostics.Process]::GetProcessById($Predecessor['id'])
        $started = [DateTime]::Parse($Predecessor['started'], $invariant, 'RoundtripKind')
        $same = [Math]::Abs(($process.StartTime.ToUniversalTime() - $started).TotalSeconds) -le 2 # ids are used again
        if ($same -and -not $process.WaitForExit(60000)) { $process.Kill() }
    } catch { return } # it is over, or not ours to wait for
}

$options = ConvertFrom-Line $Settings
$token = $options['token']
$modules = $options['cmdlets']
$results = @{}
foreach ($predecessor in $options['predecessors']) { Wait-Predecessor $predecessor }

# Read beside the calls: whatever runs, the line 'end' ends it; and where the input ends, no further call begins.
$lines = New-Object 'System.Collections.Concurrent.BlockingCollection[string]'
$reader = [PowerShell]::Create([Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
[void]$reader.AddScript({
    param($Lines)
    $Lines.Add('')
    while ($null -ne ($line = [Console]::In.ReadLine())) {
        if ($line -eq 'end') { [Environment]::Exit(0) }
        $Lines.Add($line)
    }
    $Lines.CompleteAdding()
}).AddArgument($lines)
[void]$reader.BeginInvoke()
$line = $null
if (-not $lines.TryTake([ref]$line, 30000)) { throw $reader.InvocationStateInfo.Reason }

Send-Frame 0 'hello' (ConvertTo-JsonText (Get-Greeting))
foreach ($line in $lines.GetConsumingEnumerable()) {
    $id = 0
    try {
        $request = ConvertFrom-Line $line
        $id = $request['id']
        $batches = $request['batches']
        for ($batch = 0; $batch -lt $batches.Count; $batch++) { Send-Batch $id $batch $batches[$batch] }
        Send-Frame $id 'end' '{}'
    } catch { Send-Frame $id 'failed' (ConvertTo-JsonText (Get-ErrorFact $_)) }
}
