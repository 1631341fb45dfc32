namespace Iga.Bucket;

/// <summary>What became of the search for a task's picture.</summary>
public abstract record PictureSearch
{
    private PictureSearch()
    {
    }

    /// <summary>It is there.</summary>
    public sealed record Found(StoredPicture Picture) : PictureSearch;

    /// <summary>There is no object of its name any more.</summary>
    public sealed record Gone : PictureSearch;

    /// <summary>Another object has its name now.</summary>
    public sealed record Replaced : PictureSearch;

    /// <summary>The task's record names another bucket or path than the service's: it was configured otherwise then.</summary>
    public sealed record Elsewhere : PictureSearch;
}
