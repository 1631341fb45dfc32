using System.CommandLine;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Doctor;
using Iga.LocalHost.CommandLine.Server;
using Iga.LocalHost.CommandLine.Tasks;
using Iga.Tests.Models;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.CommandLine.Server;

/// <summary>Runs verbs as the shell would, with variables and a folder of their own.</summary>
public abstract class VerbRun : CommandRun
{
    private protected const string Id = "01a226c0-2c43-7f8f-a75a-14af20aaee00";

    private protected Dictionary<string, string?> Variables { get; } = [];

    /// <summary>Files that were handed to the program for pictures.</summary>
    private protected List<string> Shown { get; } = [];

    private protected async Task<int> RunAsync(CancellationToken cancellationToken, params string[] args)
    {
        var server = new ServerOptions(new ConfigurationBuilder().AddInMemoryCollection(Variables).Build());
        var root = HostCommandLine.Create(
            _ => Task.FromResult(0), (_, _) => Task.FromResult(0),
            StatusVerb.Create(server), ListVerb.Create(server), CancelVerb.Create(server), RetryVerb.Create(server), WatchVerb.Create(server),
            OpenVerb.Create(server, () => Folder.Path, path =>
            {
                Shown.Add(path);
                return true;
            }),
            DoctorVerb.Create(server, _ => throw new InvalidOperationException("this machine is not asked for")));
        return await HostCommandLine.InvokeAsync(root, args, Output, Error, cancellationToken);
    }

    private protected Task<int> RunAsync(ScriptedServer server, params string[] args)
    {
        Variables["IGA_SERVER"] = server.Address.ToString();
        return RunAsync(TestContext.Current.CancellationToken, args);
    }

    private protected static string Document(string status, string result = "null", string details = "null") =>
        $$"""{"task_id": "{{Id}}", "status": "{{status}}", "result": {{result}}, "details": {{details}}}""";
}
