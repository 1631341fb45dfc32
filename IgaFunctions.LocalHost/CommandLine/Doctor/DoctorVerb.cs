using System.CommandLine;
using Iga.LocalHost.CommandLine.Server;
using Iga.LocalHost.Doctor;

namespace Iga.LocalHost.CommandLine.Doctor;

/// <summary>The verb <c>doctor</c>: looks at everything that a service needs, and says of each thing what is wrong and what to do.</summary>
internal static class DoctorVerb
{
    /// <param name="local">Looks at this machine.</param>
    public static Command Create(ServerOptions server, Func<CancellationToken, Task<IReadOnlyList<Finding>>> local)
    {
        var command = server.AddTo(new Command(
            "doctor",
            "Look at everything that the service needs here (configuration, PostgreSQL, credentials, bucket, model, clock), or at the service that "
            + "--server names; a line each, with what is wrong and what to do. It makes no picture and costs nothing."));
        command.SetAction((parsed, cancellationToken) =>
        {
            return server.NamesServer(parsed)
                ? server.RunAsync(parsed, (client, signals) => ReportAsync(new ServerCheckup(client).RunAsync(signals.Stop)), cancellationToken)
                : HostCommandLine.UntilSignalled(signals => ReportAsync(local(signals.Stop)), cancellationToken);

            async Task<int> ReportAsync(Task<IReadOnlyList<Finding>> checkup)
            {
                var findings = await checkup;
                await DoctorReport.WriteAsync(findings, server.WantsJson(parsed), parsed.InvocationConfiguration.Output);
                return DoctorReport.IsWell(findings) ? ExitCode.Success : ExitCode.Failure;
            }
        });
        return command;
    }
}
