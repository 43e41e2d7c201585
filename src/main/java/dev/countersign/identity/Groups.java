package dev.countersign.identity;

/** Groups beyond the roles, for example the teams that own services. */
public interface Groups {
    /** Creates the group where it does not exist; an existing one keeps its name. */
    void ensure(String groupId, String name);

    /** Makes a known person a member; does nothing for a stranger or for one who is a member already. */
    void ensureMember(String groupId, String userId);
}
