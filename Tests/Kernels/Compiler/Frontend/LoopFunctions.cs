namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Loops: those that are written out and those that are not.</summary>
internal static class LoopFunctions
{
    public static int FirstStatement(int a)
    {
        do a += a >> 3 | 1;
        while (a < 1000 && a > 0);
        return a < 0 ? a : a + 1;
    }

    public static int DataTrip(int a)
    {
        int sum = 0;
        for (int i = 0; i < (a & 31); i++) sum += i * i - sum / 3;
        return sum;
    }

    public static int ConstantTrip(int a)
    {
        int sum = a;
        for (int i = 0; i < 9; i++) sum = sum * 3 + i;
        return sum;
    }

    public static int Downwards(int a)
    {
        for (int i = 7; i >= 0; i--) a ^= a << i;
        return a;
    }

    public static int Doubling(int a)
    {
        for (int i = 1; i < 1000; i *= 2) a += i;
        for (uint i = 64; i > 0; i >>= 1) a ^= (int)i * 3;
        return a;
    }

    public static int NoRound(int a)
    {
        for (int i = 5; i < 5; i++) a = 0;
        return a;
    }

    public static int Nested(int a)
    {
        int sum = 0;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 2; k++) sum = sum * 5 + (i * a + j) * (k + 1);
        return sum;
    }

    public static int Triangular(int a)
    {
        int sum = 0;
        for (int i = 0; i < 5; i++)
            for (int j = 0; j <= i; j++) sum = sum * 3 + a * i + j;
        return sum;
    }

    public static int Breaks(int a)
    {
        int sum = 0;
        for (int i = 0; i < 12; i++)
        {
            if ((a >> i & 1) != 0) continue;
            sum += i;
            if (sum > 20) break;
            sum += a & i;
        }
        return sum;
    }

    public static int EarlyReturn(int a)
    {
        for (int i = 0; i < 10; i++)
            if ((a & 15) == i) return i * 100;
        return a;
    }

    public static int ConstantBreak(int a)
    {
        for (int i = 0; i < 100; i++)
        {
            if (i == 6) break;
            a += i * a;
        }
        return a;
    }

    public static int WhileTrue(int a)
    {
        int n = 0;
        while (true)
        {
            if (a == 0) return n;
            a = (int)((uint)a >> 1);
            n++;
        }
    }

    public static int DataInConstant(int a, int b)
    {
        int sum = 0;
        for (int i = 0; i < 3; i++)
        {
            int j = 0;
            while (j < (b & 7))
            {
                sum += a * j + i;
                j++;
            }
            sum ^= j;
        }
        return sum;
    }

    public static int ConstantInData(int a)
    {
        int sum = 0;
        for (int i = 0; i < (a & 7); i++)
            for (int j = 0; j < 4; j++) sum = sum * 3 + i * j;
        return sum;
    }

    public static int Rotation(int a, int b)
    {
        int c = 1;
        for (int i = 0; i < 7; i++) (a, b, c) = (b, c, a);
        return a * 7 + b * 3 + c;
    }

    public static int RotationOverData(int a, int b, int n)
    {
        for (int i = 0; i < (n & 15); i++) (a, b) = (b, a + b);
        return a;
    }

    public static int LastValues(int a)
    {
        int i;
        int last = 0;
        for (i = 0; i < 6; i++) last = a * i;
        return last + i;
    }

    // More rounds than the passes write out: it stays a loop.
    public static int ManyRounds(int a)
    {
        for (int i = 0; i < 1100; i++) a = a * 1103515245 + 12345;
        return a;
    }

    public static int FloatCounter(int a)
    {
        for (float x = 0; x < 2; x += 0.25f) a += (int)(x * 4);
        return a;
    }

    public static int TwoExits(int a)
    {
        int i = 0;
        while (i < 8 && a > i)
        {
            a -= i * 3;
            i++;
        }
        return a * 16 + i;
    }

    public static int VariableOfTheBody(int a)
    {
        int sum = 0;
        for (int i = 0; i < 5; i++)
        {
            int x;
            if ((a >> i & 1) != 0) x = i;
            else x = a;
            sum = sum * 3 + x;
        }
        return sum;
    }

    public static int CalledInLoop(int a)
    {
        int sum = 0;
        for (int i = 0; i < 4; i++) sum += Search(a, i);
        return sum;
    }

    private static int Search(int a, int start)
    {
        for (int i = start; i < 6; i++)
            if ((a >> i & 1) != 0) return i;
        return -1;
    }
}
