using System.Text.RegularExpressions;
using Iga.Emulators.Faults;
using Iga.Tests.Architecture;

namespace Iga.Tests.Emulators;

/// <summary>The table of faults in the emulators' README has what the code has.</summary>
public sealed partial class FaultTableTests
{
    private static readonly string[] Named =
    [
        .. from table in File.ReadAllText(Path.Combine(Sources.Root, "IgaFunctions.Emulators/README.md"))
               .Split("\n## Faults\n")[1].Split("\n| fault |")[1].Split("\n\n")[0].Split('\n')
           where table.StartsWith("| `", StringComparison.Ordinal)
           from Match name in Name().Matches(table.Split('|')[1])
           select name.Groups[1].Value,
    ];

    [Fact]
    public void Every_name_in_it_is_a_fault()
    {
        Assert.NotEmpty(Named);
        Assert.All(Named, name => FaultName.Parse(name));
    }

    [Fact]
    public void Every_kind_of_fault_and_every_case_of_it_is_in_it()
    {
        var faults = Named.Select(FaultName.Parse).ToArray();
        Assert.Empty(typeof(Fault).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Fault))).Except(faults.Select(f => f.GetType())));
        string[] cases =
        [
            .. AnswerCases.Dresses.Select(dress => $"answer-{dress}"),
            .. AnswerCases.Damages.Select(damage => $"picture-{damage}"),
            .. AnswerCases.Wordings.Select(wording => $"refusal-{wording}"),
            .. AnswerCases.FinishReasons.Select(reason => $"finish-{reason}"),
            .. AnswerCases.BlockReasons.Select(reason => $"block-{reason}"),
        ];
        Assert.Empty(cases.Except(Named));
        Assert.Empty(AnswerCases.ErrorDresses.Except(faults.OfType<Fault.ErrorAnswer>().Select(fault => fault.Dress)));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
