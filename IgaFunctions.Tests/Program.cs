using Iga.Tests.Engines;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Iga.Tests;

/// <summary>
/// Runs the tests, for <c>dotnet test</c> or by xunit's own command line; or is an <see cref="EngineProcess"/> of one of them.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        [EngineProcess.Command, var worker] => EngineProcess.RunAsync(worker),
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
