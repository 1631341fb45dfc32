namespace Iga.LocalHost.Doctor;

/// <summary>What was found of one thing that the service needs.</summary>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="State">Whether it is as it should be.</param>
/// <param name="Text">What was found; where it is wrong also what to do, in sentences.</param>
internal sealed record Finding(string Check, FindingState State, string Text)
{
    public static Finding Well(string check, string text) => new(check, FindingState.Ok, text);

    public static Finding Wrong(string check, string text) => new(check, FindingState.Wrong, text);

    /// <summary>It could not be looked at, or works but should be known of.</summary>
    public static Finding Note(string check, string text) => new(check, FindingState.Note, text);
}
