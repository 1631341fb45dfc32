using System.Text.Json;
using Iga.Tests.Architecture;

namespace Iga.Tests.AzureHost;

/// <summary>The Functions host sees the app through files that the build made of it; they say what the app says.</summary>
public sealed class BuiltFilesTests
{
    [Fact]
    public void The_list_beside_the_app_has_every_function_with_its_trigger()
    {
        using var list = JsonDocument.Parse(BuiltHost.Read("functions.metadata"));

        var built = list.RootElement.EnumerateArray().Select(function => FunctionLine.Of(
            function.GetProperty("name").GetString()!, function.GetProperty("entryPoint").GetString()!,
            function.GetProperty("bindings").EnumerateArray()));

        Assert.Equal(FunctionLine.OfTheApp(), built.Order(StringComparer.CurrentCulture));
        Assert.All(list.RootElement.EnumerateArray(), function => Assert.True(
            File.Exists(Path.Combine(BuiltHost.Folder, function.GetProperty("scriptFile").GetString()!))));
    }

    [Fact]
    public async Task The_app_tells_the_host_every_function_with_its_trigger()
    {
        var functions = await BuiltHost.IndexedFunctionsAsync();

        var told = functions.Select(function => FunctionLine.Of(
            function.Name!, function.EntryPoint!, function.RawBindings!.Select(binding => JsonElement.Parse(binding))));

        Assert.Equal(FunctionLine.OfTheApp(), told.Order(StringComparer.CurrentCulture));
    }

    [Fact]
    public void The_host_is_told_which_program_to_start()
    {
        using var worker = JsonDocument.Parse(BuiltHost.Read("worker.config.json"));
        var description = worker.RootElement.GetProperty("description");

        Assert.Equal("dotnet-isolated", description.GetProperty("language").GetString());
        Assert.Equal("dotnet", description.GetProperty("defaultExecutablePath").GetString());
        Assert.Equal(BuiltHost.Assembly, description.GetProperty("defaultWorkerPath").GetString());
        Assert.True(File.Exists(Path.Combine(BuiltHost.Folder, BuiltHost.Assembly)));
    }

    [Fact]
    public void The_host_is_given_the_extension_for_durable_tasks()
    {
        using var extensions = JsonDocument.Parse(BuiltHost.Read("extensions.json"));
        var durable = extensions.RootElement.GetProperty("extensions").EnumerateArray()
            .Single(extension => extension.GetProperty("name").GetString() == "DurableTask");

        Assert.True(File.Exists(Path.Combine(BuiltHost.Folder, durable.GetProperty("hintPath").GetString()!)));
    }

    [Fact]
    public void The_hosts_settings_are_those_of_the_top_folder() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Sources.Root, "host.json")), BuiltHost.Read("host.json"));

    [Theory]
    [InlineData("IgaFunctions.LocalHost")]
    [InlineData("IgaFunctions.Tests")]
    public void What_the_functions_host_needs_is_not_put_beside(string project)
    {
        var output = BuiltHost.OutputOf(project);

        Assert.True(File.Exists(Path.Combine(output, "IgaFunctions.dll")));
        Assert.All(
            [".azurefunctions", "functions.metadata", "worker.config.json", "extensions.json", BuiltHost.Assembly],
            name => Assert.False(Path.Exists(Path.Combine(output, name)), name));
    }
}
