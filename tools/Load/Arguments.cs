using System.Globalization;

namespace Portunus.Load;

/// <summary>Numbers by their place on the command line.</summary>
static class Arguments
{
    public static int Number(string[] args, int index, int otherwise, int least, int most) => Math.Clamp(
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise, least, most);
}
