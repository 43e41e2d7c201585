package dev.countersign.identity;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.identity.NativeUserQuery;
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
    public Optional<Person> known(String idOrAddress) {
        return find(idOrAddress).or(() -> withAddress(idOrAddress));
    }

    private Optional<Person> withAddress(String address) {
        return engine.asPlatform(identity -> {
            List<User> found = identity.createNativeUserQuery()
                    .sql("select u.* from ACT_ID_USER u where lower(u.EMAIL_) = #{address}")
                    .parameter("address", address.toLowerCase(Locale.ROOT))
                    .list();
            return found.size() == 1 ? Optional.of(person(identity, found.get(0))) : Optional.<Person>empty();
        });
    }

    @Override
    public boolean hasMembers(String group) {
        return engine.asPlatform(
                identity -> identity.createUserQuery().memberOfGroup(group).count() > 0);
    }

    /** One statement for all groups; the engine's query takes one group at a time. */
    @Override
    public List<Addressee> inGroups(Collection<String> groups) {
        if (groups.isEmpty()) {
            return List.of();
        }
        List<String> names = List.copyOf(groups);
        String parameters = IntStream.range(0, names.size())
                .mapToObj("#{group%d}"::formatted)
                .collect(Collectors.joining(", "));
        return engine.asPlatform(identity -> {
            NativeUserQuery query = identity.createNativeUserQuery()
                    .sql("select u.* from ACT_ID_USER u where u.ID_ in"
                            + " (select m.USER_ID_ from ACT_ID_MEMBERSHIP m where m.GROUP_ID_ in (" + parameters
                            + ")) order by u.ID_");
            for (int number = 0; number < names.size(); number++) {
                query.parameter("group" + number, names.get(number));
            }
            return query.list().stream()
                    .map(user -> new Addressee(user.getId(), name(user), user.getEmail()))
                    .toList();
        });
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
