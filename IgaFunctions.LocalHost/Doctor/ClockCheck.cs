namespace Iga.LocalHost.Doctor;

/// <summary>Compares this machine's clock with that of another one: Google refuses tokens of a clock that is minutes off.</summary>
internal static class ClockCheck
{
    /// <summary>An HTTP date has whole seconds, and an answer takes a while.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <param name="name">Whose clock it is.</param>
    /// <param name="asked">When it was asked, by this clock.</param>
    /// <param name="answered">When the answer was there, by this clock.</param>
    /// <param name="other">What the other clock said in between.</param>
    public static Finding Compare(string name, DateTimeOffset asked, DateTimeOffset answered, DateTimeOffset other)
    {
        var off = other < asked ? asked - other : other > answered ? other - answered : TimeSpan.Zero;
        return off <= Tolerance
            ? Finding.Well("clock", $"agrees with that of {name}.")
            : Finding.Wrong(
                "clock",
                $"This machine's clock and that of {name} are {off.TotalSeconds:0} s apart. Set this one by NTP (timedatectl set-ntp true), or that one if it is wrong.");
    }
}
