namespace Portunus.Stun;

/// <summary>What reading one attribute came to. A server answers 400 to <see cref="Malformed"/>; absence is often allowed.</summary>
public enum Reading : byte
{
    Absent,
    Malformed,
    Present,
}
