using System.Reflection;
using Iga.Tests.Architecture;
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

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

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
