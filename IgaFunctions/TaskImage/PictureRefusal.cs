using Iga.Faults;
using Iga.Http;

namespace Iga.TaskImage;

/// <summary>Why there is an error in a picture's place.</summary>
internal static class PictureRefusal
{
    private const string IdField = "task_id";

    public static RejectedException UnknownTask() => new(
        StatusCodes.Status404NotFound, ErrorCode.TaskNotFound,
        "There is no task with this id; use the task_id of the answer to POST /generate_image.")
    {
        Field = IdField,
    };

    public static RejectedException NotEnded() => new(
        StatusCodes.Status409Conflict, ErrorCode.TaskNotEnded, "The task has not ended; there is no picture of it yet.")
    {
        Field = IdField,
        RetryAfter = TimeSpan.FromSeconds(Respond.RetryAfterSeconds),
    };

    public static RejectedException NoPicture() => NoImage("The task ended without a picture.");

    public static RejectedException NoRecord() => NoImage("The record of the task, which says where its picture is, has been deleted.");

    public static RejectedException Gone() => NoImage("The picture has been deleted from the bucket.");

    public static RejectedException Replaced() => NoImage(
        "The picture is not there any more: another object has its name in the bucket now.");

    public static RejectedException Elsewhere() => NoImage(
        "The picture was stored in another bucket or path than the service has today; result.image_url of the task says where.");

    public static RejectedException OutOfRange() => new(
        StatusCodes.Status416RangeNotSatisfiable, ErrorCode.RangeNotSatisfiable,
        "Header Range asks for no byte of the picture; Content-Range says how long it is.")
    {
        Field = "Range",
    };

    public static RejectedException OtherVersion() => new(
        StatusCodes.Status412PreconditionFailed, ErrorCode.PreconditionFailed,
        "The picture is not the one that If-Match or If-Unmodified-Since asks for.");

    public static RejectedException TooMany() => Unavailable(
        "As many pictures as the service reads at once are being read; ask again.");

    public static RejectedException StoreUnavailable() => new(
        StatusCodes.Status503ServiceUnavailable, ErrorCode.StoreUnavailable,
        "Whether the task has a picture can't be read at the moment; ask again.");

    public static RejectedException HubUnavailable() => new(
        StatusCodes.Status503ServiceUnavailable, ErrorCode.TaskHubUnavailable,
        "Whether there is such a task can't be read at the moment; ask again.");

    /// <summary>The bucket failed. Which one, and in which words, is the log's.</summary>
    public static RejectedException Unreadable(Exception exception, ILogger logger)
    {
        logger.LogError(exception, "A picture could not be read from the bucket");
        return exception is FailureException { IsTransient: false }
            ? Unavailable("The service is not allowed to read the picture in its bucket; its operator must check the bucket's permissions.")
            : Unavailable("The picture can't be read from the bucket at the moment; ask again.");
    }

    public static RejectedException CannotSign() => new(
        StatusCodes.Status501NotImplemented, ErrorCode.SigningUnavailable,
        "The service's Google credentials can't sign addresses; ask without ?redirect=signed.");

    public static RejectedException NotSigned(Exception exception, ILogger logger)
    {
        logger.LogError(exception, "The address of a picture could not be signed");
        return Unavailable("The picture's address can't be signed at the moment; ask again, or without ?redirect=signed.");
    }

    private static RejectedException NoImage(string message) =>
        new(StatusCodes.Status404NotFound, ErrorCode.NoImage, message) { Field = IdField };

    private static RejectedException Unavailable(string message) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCode.ImageStoreUnavailable, message);
}
