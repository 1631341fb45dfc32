using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Iga.Tests.OpenApi.Clients;

/// <summary>A generated client and the sample that uses it, compiled into this process.</summary>
internal static class CompiledClient
{
    private const string ImplicitUsings =
        "global using System; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    /// <returns>The sample's method: makes a picture under a key with a client of the service, and tells where it is.</returns>
    public static Func<HttpClient, string, CancellationToken, Task<string>> Compile(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var syntax = files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file, cancellationToken: cancellationToken))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: cancellationToken));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            "IgaClient", syntax, references,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: cancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(10)));
        assembly.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(assembly).GetType("MakePicture", throwOnError: true)!.GetMethod("RunAsync")!
            .CreateDelegate<Func<HttpClient, string, CancellationToken, Task<string>>>();
    }
}
