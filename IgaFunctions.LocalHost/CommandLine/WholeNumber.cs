using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Iga.LocalHost.CommandLine;

/// <summary>An option that takes a whole number within bounds.</summary>
internal static class WholeNumber
{
    public static Option<int> Option(string name, string helpName, string description, int least, int most, int otherwise) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Read(result, name, least, most),
    };

    private static int Read(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{name} must be a whole number from {least} to {most}, but is '{ShownText.Of(text)}'.");
        return least;
    }
}
