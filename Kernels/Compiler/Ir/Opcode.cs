namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>What an <see cref="Instruction"/> does. Operand lists are in brackets; the result's type is the type of the
/// operation.</summary>
public enum Opcode
{
    // ---- variables: only before SSA construction -------------------------------------------------------------------------

    /// <summary>The value of a <see cref="Variable"/> (payload). [] → 1.</summary>
    LoadVariable,

    /// <summary>Sets a <see cref="Variable"/> (payload). [value].</summary>
    StoreVariable,

    // ---- arithmetic: operands and result of one type ---------------------------------------------------------------------

    /// <summary>a + b; integers wrap. [a, b] → 1.</summary>
    Add,

    /// <summary>a − b; integers wrap. [a, b] → 1.</summary>
    Subtract,

    /// <summary>a · b; integers wrap. [a, b] → 1.</summary>
    Multiply,

    /// <summary>a · b + c with one rounding; floats. [a, b, c] → 1.</summary>
    FusedMultiplyAdd,

    /// <summary>a / b; signed integers truncate, floats round to nearest. [a, b] → 1.</summary>
    Divide,

    /// <summary>a / b of unsigned integers. [a, b] → 1.</summary>
    DivideUnsigned,

    /// <summary>a − b·trunc(a / b), signed integers. [a, b] → 1.</summary>
    Remainder,

    /// <summary>Remainder of unsigned integers. [a, b] → 1.</summary>
    RemainderUnsigned,

    /// <summary>The smaller; signed integers or floats (the other one where one is NaN). [a, b] → 1.</summary>
    Min,

    /// <summary>The larger; signed integers or floats (the other one where one is NaN). [a, b] → 1.</summary>
    Max,

    /// <summary>The smaller unsigned integer. [a, b] → 1.</summary>
    MinUnsigned,

    /// <summary>The larger unsigned integer. [a, b] → 1.</summary>
    MaxUnsigned,

    /// <summary>Bits in both; Bool too. [a, b] → 1.</summary>
    And,

    /// <summary>Bits in either; Bool too. [a, b] → 1.</summary>
    Or,

    /// <summary>Bits in one; Bool too. [a, b] → 1.</summary>
    Xor,

    /// <summary>Shift left; b is Int32, of which the lower 5 (6) bits count. [a, b] → 1.</summary>
    ShiftLeft,

    /// <summary>Shift right, sign comes in; b is Int32, of which the lower 5 (6) bits count. [a, b] → 1.</summary>
    ShiftRight,

    /// <summary>Shift right, zeros come in; b is Int32, of which the lower 5 (6) bits count. [a, b] → 1.</summary>
    ShiftRightUnsigned,

    /// <summary>Bits inverted; Bool too. [a] → 1.</summary>
    Not,

    /// <summary>−a. [a] → 1.</summary>
    Negate,

    /// <summary>|a|. [a] → 1.</summary>
    Abs,

    /// <summary>√a, rounded to nearest; floats. [a] → 1.</summary>
    Sqrt,

    /// <summary>1/√a; floats, approximate to 2 ulp. [a] → 1.</summary>
    ReciprocalSqrt,

    /// <summary>2 to the power of a; Float32, approximate to 2 ulp. [a] → 1.</summary>
    Exp2,

    /// <summary>Logarithm to base 2; Float32, approximate. [a] → 1.</summary>
    Log2,

    /// <summary>Sine; Float32, approximate. [a] → 1.</summary>
    Sin,

    /// <summary>Cosine; Float32, approximate. [a] → 1.</summary>
    Cos,

    /// <summary>The integer below, as a float. [a] → 1.</summary>
    Floor,

    /// <summary>The integer above, as a float. [a] → 1.</summary>
    Ceiling,

    /// <summary>The nearest integer, ties to even, as a float. [a] → 1.</summary>
    Round,

    /// <summary>The integer towards zero, as a float. [a] → 1.</summary>
    Truncate,

    /// <summary>Number of bits set. [a Int32 or Int64] → Int32.</summary>
    PopulationCount,

    /// <summary>Zeros before the highest bit set. [a Int32 or Int64] → Int32.</summary>
    LeadingZeroCount,

    // ---- comparison, choice, conversion ----------------------------------------------------------------------------------

    /// <summary>Comparison (payload <see cref="Comparison"/>). [a, b] → Bool.</summary>
    Compare,

    /// <summary>condition ? a : b. [condition, a, b] → 1.</summary>
    Select,

    /// <summary>Conversion (payload <see cref="Conversion"/>). [a] → 1.</summary>
    Convert,

    // ---- memory ----------------------------------------------------------------------------------------------------------

    /// <summary>Address of an element of a view: pointer + index · size. Payload: int, bytes of an element.
    /// [pointer, index Int32 or Int64, length Int64] → pointer. The checker stops where index is not in 0 … length − 1.</summary>
    ElementAddress,

    /// <summary>pointer + payload (int) bytes: a field. [pointer] → pointer.</summary>
    AddressOffset,

    /// <summary>pointer + offset bytes: what <see cref="ElementAddress"/> becomes when PTX is made. [pointer, offset] → pointer;
    /// the offset has the pointer's width.</summary>
    AddressAdd,

    /// <summary>Base of a part of a view: pointer + offset · size. Payload: int, bytes of an element.
    /// [pointer, offset Int64, count Int64, length Int64] → pointer. The checker stops where the part lies outside.</summary>
    PartAddress,

    /// <summary>Reads 1, 2 or 4 neighbours (payload <see cref="MemoryAccess"/>). [pointer] → as many.</summary>
    Load,

    /// <summary>Writes 1, 2 or 4 neighbours (payload <see cref="MemoryAccess"/>). [pointer, values…].</summary>
    Store,

    /// <summary>Address of a shared or local array (payload <see cref="MemoryArray"/>). [] → SharedPointer or
    /// LocalPointer.</summary>
    ArrayAddress,

    /// <summary>Bytes of dynamic shared memory of this launch. [] → Int64.</summary>
    DynamicSharedLength,

    /// <summary>Read, change, write (payload <see cref="AtomicAccess"/>). [pointer, value] or [pointer, compare, value] → old
    /// value.</summary>
    Atomic,

    // ---- threads ---------------------------------------------------------------------------------------------------------

    /// <summary>A thread's or group's place, or an extent (payload <see cref="SpecialRegister"/>). [] → Int32.</summary>
    Special,

    /// <summary>All threads of the group meet. [].</summary>
    Barrier,

    /// <summary>All meet; number of threads where the predicate holds. [Bool] → Int32.</summary>
    BarrierPopCount,

    /// <summary>All meet; whether it holds in all. [Bool] → Bool.</summary>
    BarrierAnd,

    /// <summary>All meet; whether it holds in any. [Bool] → Bool.</summary>
    BarrierOr,

    /// <summary>The threads of the warp meet. [].</summary>
    WarpBarrier,

    /// <summary>Another lane's value (payload <see cref="ShuffleKind"/>). [value, lane Int32] → 1; 32- and 64-bit
    /// types.</summary>
    Shuffle,

    /// <summary>Orders memory accesses (payload <see cref="FenceLevel"/>). [].</summary>
    Fence,

    // ---- tensor cores and asynchronous copies ----------------------------------------------------------------------------

    /// <summary>Rounds to TF32's 10 bits of mantissa, ties away from zero. [Float32] → Float32.</summary>
    RoundToTf32,

    /// <summary>D = A·B + C, 16×8×8 in TF32, over a warp. [a0…a3, b0, b1, c0…c3], all Float32 → 4 × Float32.</summary>
    MultiplyAddTf32,

    /// <summary>Begins an asynchronous copy of payload (int: 4, 8, 16) bytes; writes zeros where inside is false.
    /// [SharedPointer, GlobalPointer, inside Bool].</summary>
    AsyncCopy,

    /// <summary>Closes the group of copies begun since the last one. [].</summary>
    AsyncCommit,

    /// <summary>Waits until at most payload (int) groups are pending. [].</summary>
    AsyncWait,

    // ---- PTX as text -----------------------------------------------------------------------------------------------------

    /// <summary>Whether PTX text is executed: each back end puts its answer in the place of the question
    /// (<see cref="Passes.AssemblyQuestion"/>). [] → Bool.</summary>
    AssemblySupported,

    /// <summary>PTX text (payload <see cref="Ir.InlineAssembly"/>): its effects are not known. [what it reads…] → what it
    /// sets.</summary>
    InlineAssembly,

    // ---- ends of blocks --------------------------------------------------------------------------------------------------

    /// <summary>Goes to the first successor. [].</summary>
    Branch,

    /// <summary>Goes to the first successor where the condition holds, else to the second. [Bool].</summary>
    ConditionalBranch,

    /// <summary>The thread is done. [].</summary>
    Return,
}
