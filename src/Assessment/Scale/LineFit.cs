namespace Portunus.Assessment.Scale;

/// <summary>The line of least squares through points.</summary>
/// <param name="Slope">By which y grows with x.</param>
/// <param name="Intercept">Of y at 0.</param>
/// <param name="RSquared">The share of the spread of y that the line explains; 1 when y does not vary.</param>
sealed record LineFit(double Slope, double Intercept, double RSquared)
{
    /// <exception cref="ArgumentException">Fewer than two points, or all at one x.</exception>
    public static LineFit Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Select(point => point.X).Distinct().Count() < 2) throw new ArgumentException("A line needs two points.");
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
        var intercept = y - (slope * x);
        var spread = points.Sum(point => (point.Y - y) * (point.Y - y));
        var left = points.Sum(point => Math.Pow(point.Y - intercept - (slope * point.X), 2));
        return new(slope, intercept, spread == 0 ? 1 : 1 - (left / spread));
    }
}
