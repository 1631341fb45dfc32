using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine.Server;
using Iga.LocalHost.Doctor;

namespace Iga.LocalHost.CommandLine.Doctor;

/// <summary>Looks at a service elsewhere: is it there, is it ready, does it take the key.</summary>
internal sealed class ServerCheckup(TaskClient client)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        try
        {
            var asked = DateTimeOffset.UtcNow;
            var (status, body, date) = await client.AskAsync(HttpMethod.Get, "readyz", [200, 503], cancellationToken);
            var answered = DateTimeOffset.UtcNow;
            findings.Add(Finding.Well("server", $"{client.Url} answers."));
            findings.AddRange(Checks(body));
            if (status != 200 && findings.All(finding => finding.State != FindingState.Wrong))
            {
                findings.Add(Finding.Wrong("ready", "It is not ready, and does not say why."));
            }

            if (date is { } theirs)
            {
                findings.Add(ClockCheck.Compare("the server", asked, answered, theirs));
            }
        }
        catch (ServerException exception)
        {
            findings.Add(Finding.Wrong("server", exception.Message));
            return findings;
        }

        findings.Add(await KeyAsync(cancellationToken));
        return findings;
    }

    private async Task<Finding> KeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.GetAsync("v1/tasks?limit=1", cancellationToken);
            return Finding.Well("key", "Tasks can be asked for.");
        }
        catch (ServerException exception) when (exception.Status == 401)
        {
            return Finding.Wrong("key", "The service wants an API key, or another one: set IGA_KEY, or name a file that holds it with --key.");
        }
        catch (ServerException exception)
        {
            return Finding.Wrong("key", exception.Message);
        }
    }

    private static IEnumerable<Finding> Checks(JsonObject body) => body["checks"] is not JsonArray checks ? [] : checks.Select(check => new Finding(
        ShownText.Of($"{check?["name"]}", 13),
        $"{check?["status"]}" switch
        {
            "ok" => FindingState.Ok,
            "unknown" => FindingState.Note, // what keeps it from being known is a finding of its own
            _ => FindingState.Wrong,
        },
        ShownText.Of($"{check?["reason"]}") is { Length: > 0 } reason ? reason : "ready."));
}
