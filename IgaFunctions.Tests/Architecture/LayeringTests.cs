using System.Text.RegularExpressions;

namespace Iga.Tests.Architecture;

/// <summary>Dependencies point one way: functions, workflow, ports. Read from the sources' using directives and names.</summary>
public sealed partial class LayeringTests
{
    /// <summary>A folder of the app, and the folders that it may use. Every one may use itself.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Faults"] = [],
        ["Imaging"] = ["Faults"],
        ["Storage"] = ["Faults"],
        ["Tasks"] = ["Faults", "Imaging"],
        ["Batching"] = [],
        ["Idempotency"] = ["Tasks", "Imaging", "Batching"],
        ["Telemetry"] = ["Tasks", "Faults"],
        ["Workflow"] = ["Tasks", "Idempotency", "Imaging", "Storage", "Faults", "Telemetry"],
        ["Responses"] = [],
        ["Health"] = ["Responses"],
        ["Tasks/Status"] = ["Tasks", "Workflow", "Idempotency", "Faults", "Responses"],
        ["GenerateImage"] = ["Workflow", "Tasks", "Idempotency", "Imaging", "Storage", "Telemetry", "Responses"],
        ["Sweeping"] = ["Workflow", "Tasks", "Tasks/Status", "Idempotency", "Imaging", "Storage", "Faults", "Telemetry"],
        ["Configuration"] = ["GenerateImage", "Idempotency", "Imaging", "Storage", "Telemetry"],
    };

    [Fact]
    public void Each_folder_uses_only_what_lies_below_it()
    {
        var app = Path.Combine(Sources.Root, "IgaFunctions");
        List<string> violations = [];
        foreach (var file in Sources.Of("IgaFunctions"))
        {
            var folder = FolderOf(Path.GetRelativePath(app, file));
            if (folder is "" or "Google")
            {
                continue;
            }

            foreach (Match match in OwnNamespace().Matches(File.ReadAllText(file)))
            {
                var used = FolderOfNamespace(match.Groups[1].Value);
                if (used != folder && !Allowed[folder].Contains(used))
                {
                    violations.Add($"{Path.GetRelativePath(app, file)} uses {used}");
                }
            }
        }

        Assert.Empty(violations);
    }

    [Fact]
    public void The_functions_name_no_runtime()
    {
        Assert.DoesNotContain(
            Sources.Of("IgaFunctions").Where(file => Path.GetFileName(file) != "Program.cs"),
            file => RuntimeNamespace().IsMatch(File.ReadAllText(file)));
    }

    private static string FolderOf(string path)
    {
        var directory = Path.GetDirectoryName(path)!.Replace('\\', '/');
        return Allowed.ContainsKey(directory) ? directory : directory.Split('/')[0];
    }

    private static string FolderOfNamespace(string name)
    {
        var parts = name.Split('.');
        return parts is ["Tasks", "Status", ..] ? "Tasks/Status" : parts[0];
    }

    [GeneratedRegex(@"^using (?:static )?Iga\.([A-Za-z.]+);", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"Microsoft\.(Azure\.Functions|DurableTask)|Iga\.LocalHost")]
    private static partial Regex RuntimeNamespace();
}
