namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>Why an S-CSCF says that it serves an identity, or no longer does (TS 29.229 §6.3.15).</summary>
enum ServerAssignment : uint
{
    NoAssignment = 0,
    Registration = 1,
    ReRegistration = 2,
    UnregisteredUser = 3,
    TimeoutDeregistration = 4,
    UserDeregistration = 5,
    AdministrativeDeregistration = 8,
}
