using System.Text.RegularExpressions;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Architecture;

namespace Iga.Tests.Emulators;

/// <summary>The table of operations in the emulators' README has what the code has: each operation, and each parameter that it heeds.</summary>
public sealed partial class OperationTableTests
{
    private static readonly string[] Preconditions =
        ["ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch", "ifMetagenerationNotMatch"];

    private static readonly Dictionary<string, string> Rows = (
        from row in File.ReadAllText(Path.Combine(Sources.Root, "IgaFunctions.Emulators/README.md"))
            .Split("\n| operation |")[1].Split("\n\n")[0].Split('\n')
        where row.StartsWith("| `", StringComparison.Ordinal)
        let cells = row.Split('|')
        from Match operation in Name().Matches(cells[1])
        select (operation.Groups[1].Value, cells[2])).ToDictionary();

    [Fact]
    public async Task Every_operation_is_in_it_and_no_other()
    {
        await using var vertex = await VertexEmulator.StartAsync(new());
        await using var gcs = await GcsEmulator.StartAsync(new());

        Assert.Equal(vertex.Faults.Operations.Concat(gcs.Faults.Operations).Order(), Rows.Keys.Order());
        Assert.All(gcs.Faults.Operations, operation => Assert.Equal(
            Iga.Emulators.Storage.QueryParameters.Of(operation)!.Order(), Parameters(Rows[operation]).Order()));
    }

    [Fact]
    public void Every_parameter_of_the_models_is_in_it()
    {
        Assert.Equal(PublishedModels.ParametersOfGet.Order(), Parameters(Rows["vertex.models.get"]).Order());
        Assert.Equal(PublishedModels.ParametersOfList.Order(), Parameters(Rows["vertex.models.list"]).Order());
    }

    private static IEnumerable<string> Parameters(string cell)
    {
        var words = cell.Split(',').Select(part => part.Trim()).ToArray();
        return Name().Matches(cell).Select(match => match.Groups[1].Value)
            .Concat(words.Contains("preconditions") ? Preconditions : [])
            .Concat(words.Contains("source preconditions") ? Preconditions.Select(name => $"ifSource{name[2..]}") : [])
            .Concat(words.Contains("and those of a list") ? Iga.Emulators.Storage.QueryParameters.Of("storage.objects.list")! : []);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
