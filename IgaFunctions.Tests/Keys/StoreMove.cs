using CsCheck;

namespace Iga.Tests.Keys;

/// <summary>One thing that somebody does to the table.</summary>
/// <param name="Key">Which of the keys.</param>
/// <param name="Task">Which of the key's tasks, counted from the youngest; beyond the first it is the first.</param>
/// <param name="Variant">Chooses among what the move can be: fingerprint, age, kind of row.</param>
internal sealed record StoreMove(StoreMove.Kinds Kind, int Key, int Task, int Variant)
{
    public static Gen<StoreMove[]> Sequences { get; } =
        (from kind in Gen.Frequency(
            (5, Gen.Const(Kinds.Claim)), (1, Gen.Const(Kinds.ClaimAgain)), (3, Gen.Const(Kinds.Confirm)),
            (2, Gen.Const(Kinds.Renew)), (2, Gen.Const(Kinds.RecordStaged)), (2, Gen.Const(Kinds.Complete)), (3, Gen.Const(Kinds.Fail)),
            (2, Gen.Const(Kinds.Release)), (5, Gen.Const(Kinds.Age)), (1, Gen.Const(Kinds.ReplacedSystem)))
         from key in Gen.Int[0, 1]
         from task in Gen.Frequency((3, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Const(2)))
         from variant in Gen.Int[0, 15]
         select new StoreMove(kind, key, task, variant)).Array[1, 24];

    internal enum Kinds
    {
        Claim,

        /// <summary>A claim whose answer was lost is made again.</summary>
        ClaimAgain,
        Confirm,
        Renew,
        RecordStaged,
        Complete,
        Fail,
        Release,
        Age,

        /// <summary>The system that this one replaces writes a row under our task name, without a task id.</summary>
        ReplacedSystem,
    }
}
