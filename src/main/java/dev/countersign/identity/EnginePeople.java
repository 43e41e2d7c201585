package dev.countersign.identity;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.identity.User;
import org.springframework.stereotype.Service;

@Service
class EnginePeople implements People {
    private final EngineAccess engine;

    EnginePeople(EngineAccess engine) {
        this.engine = engine;
    }

    @Override
    public Optional<Person> find(String id) {
        return id == null
                ? Optional.empty()
                : engine.asPlatform(identity -> Optional.ofNullable(
                                identity.createUserQuery().userId(id).singleResult())
                        .map(user -> person(identity, user)));
    }

    @Override
    public List<Person> inGroup(String group) {
        return engine.asPlatform(
                identity -> identity.createUserQuery().memberOfGroup(group).orderByUserId().asc().list().stream()
                        .map(user -> person(identity, user))
                        .toList());
    }

    private static Person person(IdentityService identity, User user) {
        Set<String> groups = identity.createGroupQuery().groupMember(user.getId()).list().stream()
                .map(Group::getId)
                .collect(Collectors.toSet());
        return new Person(user.getId(), name(user), user.getEmail(), groups);
    }

    private static String name(User user) {
        String name = (text(user.getFirstName()) + " " + text(user.getLastName())).strip();
        return name.isEmpty() ? user.getId() : name;
    }

    private static String text(String part) {
        return part == null ? "" : part;
    }
}
