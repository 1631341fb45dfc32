namespace Iga.Models;

/// <summary>What a model sent in a picture's place, where none of it is a whole picture.</summary>
internal enum SentPicture
{
    None,

    /// <summary>Something that is no picture of a kind that the service knows.</summary>
    Other,

    /// <summary>A picture that is cut off or damaged.</summary>
    Broken,
}
