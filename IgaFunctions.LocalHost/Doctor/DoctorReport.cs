using System.Text.Json.Nodes;

namespace Iga.LocalHost.Doctor;

/// <summary>Findings for a person, a line each, or for a program.</summary>
internal static class DoctorReport
{
    public static async Task WriteAsync(IReadOnlyList<Finding> findings, bool json, TextWriter output)
    {
        if (json)
        {
            var checks = new JsonArray([.. findings.Select(finding => new JsonObject
            {
                ["check"] = finding.Check,
                ["state"] = finding.State.ToString().ToLowerInvariant(),
                ["text"] = finding.Text,
            })]);
            await output.WriteLineAsync(new JsonObject { ["ok"] = IsWell(findings), ["checks"] = checks }.ToJsonString());
            return;
        }

        foreach (var finding in findings)
        {
            await output.WriteLineAsync($"{finding.State.ToString().ToLowerInvariant(),-5}  {finding.Check,-13}  {finding.Text}");
        }
    }

    public static bool IsWell(IEnumerable<Finding> findings) => findings.All(finding => finding.State != FindingState.Wrong);
}
