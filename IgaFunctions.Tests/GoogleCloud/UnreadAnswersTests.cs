using Iga.GoogleCloud;

namespace Iga.Tests.GoogleCloud;

/// <summary>However many calls may be under way, their answers don't fill what the kernel has for sockets.</summary>
public sealed class UnreadAnswersTests
{
    [Theory]
    [InlineData(null, 262_144)]
    [InlineData(2_048, 262_144)]
    [InlineData(10_000, 53_687)]
    public void The_more_answers_may_wait_unread_the_less_of_each_does(int? connections, int bytes)
    {
        Assert.Equal(bytes, GoogleHttp.UnreadOf(connections));
    }
}
