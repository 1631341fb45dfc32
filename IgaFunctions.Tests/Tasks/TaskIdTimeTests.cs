using Iga.Tasks;

namespace Iga.Tests.Tasks;

/// <summary>A range of time is a range of task ids.</summary>
public sealed class TaskIdTimeTests
{
    [Fact]
    public void An_id_lies_between_the_bounds_of_its_millisecond_and_the_next()
    {
        var time = new DateTimeOffset(2026, 11, 28, 9, 30, 0, 123, TimeSpan.Zero);
        for (var n = 0; n < 1_000; n++)
        {
            var id = Guid.CreateVersion7(time).ToString();
            Assert.True(string.CompareOrdinal(TaskIdTime.LowerBound(time).ToString(), id) <= 0, id);
            Assert.True(string.CompareOrdinal(id, TaskIdTime.LowerBound(time.AddMilliseconds(1)).ToString()) < 0, id);
            Assert.Equal(time, TaskIdTime.Of(Guid.Parse(id)));
        }

        // Of an id of that millisecond nobody knows whether it is later than its middle.
        Assert.Equal(TaskIdTime.LowerBound(time.AddMilliseconds(1)), TaskIdTime.LowerBound(time.AddTicks(1)));
    }

    [Fact]
    public void Times_that_no_id_can_tell_have_bounds_all_the_same()
    {
        Assert.Equal(Guid.Empty, TaskIdTime.LowerBound(DateTimeOffset.MinValue));
        Assert.True(string.CompareOrdinal(TaskIdTime.LowerBound(DateTimeOffset.MaxValue).ToString(), TaskIdTime.End.ToString()) < 0);
        Assert.Null(TaskIdTime.Of(Guid.NewGuid()));
    }
}
