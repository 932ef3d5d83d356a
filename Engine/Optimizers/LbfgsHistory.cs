using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

// The pairs sᵢ = xᵢ₊₁ − xᵢ and yᵢ = gᵢ₊₁ − gᵢ stand for an inverse Hessian H. Its product with a gradient is a linear combination
//
//   H·g = γ·g + Σᵢ (aᵢ − bᵢ)·sᵢ − γ·Σᵢ aᵢ·yᵢ
//
// whose coefficients need inner products only (Nocedal, Wright 2006, Algorithm 7.4, with every vector written in the basis
// s, y, g; Chen, Wang, Zhou 2014, "Large-scale L-BFGS using MapReduce"):
//
//   newest to oldest   aᵢ = ρᵢ·(sᵢ·g − Σ_{j newer} aⱼ·sᵢ·yⱼ),                                         ρᵢ = 1/(sᵢ·yᵢ)
//   oldest to newest   bᵢ = ρᵢ·(γ·(yᵢ·g − Σ_j aⱼ·yᵢ·yⱼ) + Σ_{j older} (aⱼ − bⱼ)·sⱼ·yᵢ)
//
// So s·s is never needed, nor s·y with an s newer than its y: all that a new pair adds is the products of its y with every s and y,
// and a new gradient its products with every s and y. Two passes over the history an iteration, and one for the direction.

/// <summary>The last pairs of an L-BFGS iteration and the direction they give.</summary>
internal sealed class LbfgsHistory
{
    // Of the fall that the start of a line search promised, the share by which the slope must have changed: below, s·y is noise.
    private const double LeastCurvature = 1e-6;

    private readonly IDevice device;
    private readonly int capacity;
    private readonly DeviceVector[] s, y, basis;
    private readonly double[,] sy, yy;
    private readonly double[] sg, yg, a, b, products, coefficients;
    private int newest = -1;

    /// <param name="device">Where the vectors lie.</param>
    /// <param name="pool">Gives 2·<paramref name="capacity"/> vectors.</param>
    /// <param name="capacity">Pairs at most, 1 to 31.</param>
    public LbfgsHistory(IDevice device, VectorPool pool, int capacity)
    {
        (this.device, this.capacity) = (device, capacity);
        (s, y, basis) = (new DeviceVector[capacity], new DeviceVector[capacity], new DeviceVector[2 * capacity + 1]);
        for (int i = 0; i < capacity; i++) (s[i], y[i]) = (pool.Take(), pool.Take());
        (sy, yy) = (new double[capacity, capacity], new double[capacity, capacity]);
        (sg, yg, a, b) = (new double[capacity], new double[capacity], new double[capacity], new double[capacity]);
        (products, coefficients) = (new double[2 * capacity + 1], new double[2 * capacity + 1]);
    }

    /// <summary>Pairs held.</summary>
    public int Count { get; private set; }

    /// <summary>γ = s·y / y·y of the newest pair, the scale of the inverse Hessian; 0 without pairs.</summary>
    public double Scale => Count == 0 ? 0 : sy[newest, newest] / yy[newest, newest];

    /// <summary>Where the next pair is to be written before <see cref="Commit"/>; the oldest pair's place when all are taken.</summary>
    public (DeviceVector S, DeviceVector Y) Next => (s[(newest + 1) % capacity], y[(newest + 1) % capacity]);

    /// <summary>Forgets all pairs.</summary>
    public void Clear() => (Count, newest) = (0, -1);

    /// <summary>Takes the pair written to <see cref="Next"/>, unless the function hardly curved along it.</summary>
    /// <param name="promised">−t·φ′(0), positive: the fall that the start of the step promised.</param>
    public void Commit(double promised)
    {
        int slot = (newest + 1) % capacity;
        // The place of the oldest is written over, whether or not the new pair is any good.
        if (Count == capacity) Count--;
        int held = Count;
        for (int age = 0; age < held; age++) (basis[age], basis[held + age]) = (s[Slot(age)], y[Slot(age)]);
        (basis[2 * held], basis[2 * held + 1]) = (s[slot], y[slot]);
        device.Dots(basis.AsSpan(0, 2 * held + 2), y[slot], Products(2 * held + 2));
        if (!(products[2 * held] > LeastCurvature * promised) || !double.IsFinite(products[2 * held + 1])) return;
        for (int age = 0; age < held; age++)
        {
            sy[Slot(age), slot] = products[age];
            yy[Slot(age), slot] = yy[slot, Slot(age)] = products[held + age];
        }
        (sy[slot, slot], yy[slot, slot]) = (products[2 * held], products[2 * held + 1]);
        newest = slot;
        Count++;
    }

    /// <summary>d = −H·g.</summary>
    /// <param name="g">Gradient.</param>
    /// <param name="d">Overwritten. With no pairs it is −<paramref name="scaleWithoutPairs"/>·g.</param>
    /// <param name="scaleWithoutPairs">Scale of the steepest descent when there are no pairs.</param>
    public void Direction(DeviceVector g, DeviceVector d, double scaleWithoutPairs)
    {
        int held = Count;
        for (int age = 0; age < held; age++) (basis[age], basis[held + age]) = (s[Slot(age)], y[Slot(age)]);
        basis[2 * held] = g;
        if (held > 0)
        {
            device.Dots(basis.AsSpan(0, 2 * held), g, Products(2 * held));
            for (int age = 0; age < held; age++) (sg[Slot(age)], yg[Slot(age)]) = (products[age], products[held + age]);
        }
        double gamma = held > 0 ? Scale : scaleWithoutPairs;
        Recur(gamma);
        for (int age = 0; age < held; age++)
            (coefficients[age], coefficients[held + age]) = (b[Slot(age)] - a[Slot(age)], gamma * a[Slot(age)]);
        coefficients[2 * held] = -gamma;
        device.LinearCombination(coefficients.AsSpan(0, 2 * held + 1), basis.AsSpan(0, 2 * held + 1), d);
    }

    private void Recur(double gamma)
    {
        for (int age = 0; age < Count; age++)
        {
            int i = Slot(age);
            double sum = sg[i];
            for (int newer = 0; newer < age; newer++) sum -= a[Slot(newer)] * sy[i, Slot(newer)];
            a[i] = sum / sy[i, i];
        }
        for (int age = Count - 1; age >= 0; age--)
        {
            int i = Slot(age);
            double sum = yg[i];
            for (int other = 0; other < Count; other++) sum -= a[Slot(other)] * yy[i, Slot(other)];
            sum *= gamma;
            for (int older = age + 1; older < Count; older++) sum += (a[Slot(older)] - b[Slot(older)]) * sy[Slot(older), i];
            b[i] = sum / sy[i, i];
        }
    }

    /// <summary>The place of a pair by its age, 0 for the newest.</summary>
    private int Slot(int age) => (newest - age + capacity) % capacity;

    private Span<double> Products(int count) => products.AsSpan(0, count);
}
