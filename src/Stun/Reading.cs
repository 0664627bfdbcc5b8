namespace Portunus.Stun;

/// <summary>What reading one attribute came to: a server answers 400 to what is malformed, while absence is often allowed.</summary>
public enum Reading : byte
{
    Absent,
    Malformed,
    Present,
}
