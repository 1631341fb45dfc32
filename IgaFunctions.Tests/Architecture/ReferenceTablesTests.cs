using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Iga.Faults;
using Iga.Http;
using Iga.Telemetry;
using Iga.Tests.EndToEnd;

namespace Iga.Tests.Architecture;

/// <summary>The tables of docs/errors.md and docs/metrics.md name what the code has: all of it, and nothing else.</summary>
public sealed partial class ReferenceTablesTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    [Fact]
    public void The_table_of_error_codes_has_every_code()
    {
        Assert.Equal(Constants(typeof(ErrorCode)), FirstColumn("errors.md").Where(name => name.StartsWith("IGA_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_error_code_stands_in_one_place()
    {
        var codes = Constants(typeof(ErrorCode)).ToHashSet();
        Assert.Empty(
            from file in Sources.Of("IgaFunctions").Concat(Sources.Of("IgaFunctions.LocalHost"))
            where Path.GetFileName(file) != "ErrorCode.cs"
            from Match match in Quoted().Matches(File.ReadAllText(file))
            where codes.Contains(match.Groups[1].Value)
            select $"{file}: {match.Value}");
    }

    [Fact]
    public void The_table_of_failures_has_every_kind()
    {
        Assert.Equal(Constants(typeof(FailureKind)), FirstColumn("errors.md").Where(name => name.Contains('_') && char.IsLower(name[0])));
    }

    [Fact]
    public void The_table_of_metrics_has_every_instrument()
    {
        List<string> published = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Keep(instrument) };
        listener.Start();
        Assert.NotNull(fixture.Service.Get<IgaMetrics>());

        Assert.Equal(published.Distinct().Order(), FirstColumn("metrics.md"));

        void Keep(Instrument instrument)
        {
            // Other tests have meters of the same name in this process.
            lock (published)
            {
                if (instrument.Meter.Name == IgaMetrics.MeterName)
                {
                    published.Add(instrument.Name);
                }
            }
        }
    }

    private static IEnumerable<string> Constants(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .Order();

    private static IEnumerable<string> FirstColumn(string page) => Row()
        .Matches(File.ReadAllText(Path.Combine(Sources.Root, "docs", page)))
        .Select(match => match.Groups[1].Value)
        .Where(name => name is not ("error_code" or "type"))
        .Order();

    [GeneratedRegex("^\\| `([A-Za-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"(IGA_[A-Z_]+)\"")]
    private static partial Regex Quoted();
}
