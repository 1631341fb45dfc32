namespace Iga.Tests.Emulators;

internal static class Eventually
{
    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within 20 s.</exception>
    public static async Task TrueAsync(Func<bool> condition)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException("the condition did not come true within 20 s");
            }

            await Task.Delay(10);
        }
    }
}
