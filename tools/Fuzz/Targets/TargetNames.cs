using Portunus.Fuzz.Engine;

namespace Portunus.Fuzz.Targets;

/// <summary>The targets by name.</summary>
static class TargetNames
{
    public static readonly string[] All = ["stun", "channeldata", "framing", "dtls", "token"];

    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Target New(string name, bool isPlanted = false) => name switch
    {
        "stun" => new StunTarget { IsPlanted = isPlanted },
        "channeldata" => new ChannelDataTarget { IsPlanted = isPlanted },
        "framing" => new FramingTarget { IsPlanted = isPlanted },
        "dtls" => new DtlsTarget { IsPlanted = isPlanted },
        "token" => new TokenTarget { IsPlanted = isPlanted },
        "crash" => new CrashTarget(),
        _ => throw new ArgumentException($"There is no target '{name}'; there are {string.Join(", ", All)}."),
    };
}
