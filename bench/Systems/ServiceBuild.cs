using System.Diagnostics;
using System.Runtime.InteropServices;
using Iga.LocalHost.Host;

namespace Iga.Bench.Systems;

/// <summary>A build of the service that is measured.</summary>
/// <param name="Program">The assembly of its local host.</param>
/// <param name="Engine">The assembly that runs the app on Microsoft's engine; null where it was not built.</param>
internal sealed record ServiceBuild(string Program, string? Engine = null)
{
    private const string Project = "IgaFunctions.LocalHost";

    /// <summary>The one that comes to lie beside this program.</summary>
    public static ServiceBuild Own { get; } = new(typeof(LocalService).Assembly.Location);

    /// <summary>The version, and where it was built in a checkout the commit.</summary>
    public string Version => FileVersionInfo.GetVersionInfo(Program).ProductVersion ?? "?";

    /// <summary>Of the checkout that this program was built from.</summary>
    /// <exception cref="MeasureFailedException">There is none.</exception>
    public static async Task<ServiceBuild> PublishOwnAsync(string output, bool withEngine, CancellationToken cancellationToken)
    {
        return await OfAsync(
            Checkout.Root ?? throw new MeasureFailedException("The bench compares only from a checkout of its own."), output, withEngine,
            cancellationToken);
    }

    /// <summary>What is published compiled ahead, as it is deployed; a checkout is published first.</summary>
    /// <param name="directory">A checkout, or a folder with a published local host.</param>
    /// <param name="output">A folder for what is published.</param>
    /// <param name="withEngine">Whether what runs the app on Microsoft's engine is built too, which takes a minute.</param>
    /// <exception cref="MeasureFailedException">It is neither, or does not build.</exception>
    public static async Task<ServiceBuild> OfAsync(
        string directory, string output, bool withEngine, CancellationToken cancellationToken)
    {
        directory = Path.GetFullPath(directory);
        if (File.Exists(ProgramIn(directory)))
        {
            return new(ProgramIn(directory));
        }

        if (!File.Exists(ProjectFile(directory)))
        {
            throw new MeasureFailedException($"{directory} is no checkout, and has no published {Project}.dll.");
        }

        Console.WriteLine($"publishing {directory}");
        var dotnet = LocalHostProgram.DotNet;
        await ProgramOutput.OfAsync(
            dotnet,
            [
                "publish", ProjectFile(directory), "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier,
                "--self-contained", "false", "--output", output, "--nologo",
            ],
            new Dictionary<string, string>(), cancellationToken);
        if (!withEngine)
        {
            return new(ProgramIn(output));
        }

        var tests = Path.Combine(directory, "IgaFunctions.Tests");
        await ProgramOutput.OfAsync(
            dotnet, ["build", tests, "--configuration", "Release", "--nologo"], new Dictionary<string, string>(), cancellationToken);
        return new(ProgramIn(output), Path.Combine(tests, "bin", "Release", "net10.0", "IgaFunctions.Tests.dll"));
    }

    private static string ProgramIn(string folder) => Path.Combine(folder, $"{Project}.dll");

    private static string ProjectFile(string checkout) => Path.Combine(checkout, Project, $"{Project}.csproj");
}
