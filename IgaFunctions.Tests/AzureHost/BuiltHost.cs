using System.Reflection;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Iga.Tests.AzureHost;

/// <summary>What the build of the Functions app has put out.</summary>
internal static class BuiltHost
{
    public const string Assembly = "IgaFunctions.AzureHost.dll";

    public static string Folder { get; } = OutputOf("IgaFunctions.AzureHost");

    /// <summary>Of a project, in the configuration that the tests were built in.</summary>
    public static string OutputOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Sources.Root, project, "bin", own.Parent!.Name, own.Name);
    }

    /// <summary>Skips the test where the last build, one of the whole solution outside of CI, did without the host's files.</summary>
    public static string Read(string file)
    {
        var path = Path.Combine(Folder, file);
        Prerequisite.Require(File.Exists(path), $"no {file}: run the tests with -p:HostArtifacts=true");
        return File.ReadAllText(path);
    }

    /// <summary>The functions as the app tells the host at its start; the host reads no file where it asks the worker.</summary>
    public static async Task<IReadOnlyList<IFunctionMetadata>> IndexedFunctionsAsync()
    {
        var assembly = System.Reflection.Assembly.LoadFrom(Path.Combine(Folder, Assembly));
        var type = assembly.GetTypes().Single(type =>
            type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFunctionMetadataProvider)));
        var provider = (IFunctionMetadataProvider)Activator.CreateInstance(
            type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, null, null)!;
        return await provider.GetFunctionMetadataAsync(Folder);
    }
}
