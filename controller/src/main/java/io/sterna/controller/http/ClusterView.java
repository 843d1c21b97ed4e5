package io.sterna.controller.http;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.receptionist.Receptionist;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.RangeMap;
import io.sterna.controller.cluster.ControllerDirectory;
import io.sterna.controller.execution.BoundAddress;
import io.sterna.controller.http.ApiModel.BindingView;
import io.sterna.controller.http.ApiModel.ConvergenceView;
import io.sterna.controller.http.ApiModel.ElementRange;
import io.sterna.controller.http.ApiModel.ElementView;
import io.sterna.controller.http.ApiModel.HealthView;
import io.sterna.controller.http.ApiModel.MemberView;
import io.sterna.controller.http.ApiModel.RangeView;
import io.sterna.controller.http.ApiModel.UndampedView;
import io.sterna.controller.owner.RangeCommand.BindingPage;
import io.sterna.controller.owner.RangeCommand.ClearDamping;
import io.sterna.controller.owner.RangeCommand.ConvergenceTimes;
import io.sterna.controller.owner.RangeCommand.Damped;
import io.sterna.controller.owner.RangeCommand.DampingCleared;
import io.sterna.controller.owner.RangeCommand.DescribeRange;
import io.sterna.controller.owner.RangeCommand.FeProgress;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.FoundBinding;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.owner.RangeOwners;
import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.southbound.Sessions;
import io.sterna.controller.southbound.Sessions.ListSessions;
import io.sterna.controller.southbound.Sessions.SessionListing;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import io.sterna.store.audit.Head;
import io.sterna.store.event.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The whole cluster as one controller sees it: asks the owners of ranges and its peers. */
public final class ClusterView {
  private static final int PAGE = 1000;
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** A binding, and what holds for its address beside it. */
  private record Found(RangeId range, Binding binding, boolean silent, Optional<Damped> damped) {}

  private static final String ACTIVE = "active";
  private static final String INACTIVE = "inactive";
  private static final long MS_PER_SECOND = 1_000;
  private static final String DAMPED = "damped";
  private static final List<String> STATES = List.of(ACTIVE, INACTIVE, DAMPED);

  private final ActorSystem<?> system;
  private final ControllerDirectory directory;
  private final RangeMap ranges;
  private final RangeOwners owners;
  private final Map<IpAddress, KnownVm> knownVms;
  private final Map<FeId, FeEndpoint> inventory = new TreeMap<>();

  public ClusterView(
      ActorSystem<?> system,
      ControllerSettings settings,
      ControllerDirectory directory,
      RangeOwners owners) {
    this.system = system;
    this.directory = directory;
    this.ranges = settings.ranges();
    this.owners = owners;
    this.knownVms = settings.policy().knownVms();
    settings.forwardingElements().forEach(element -> inventory.put(element.fe(), element));
  }

  /**
   * Bindings in order of address, page by page as the reader asks for more.
   *
   * @throws IllegalArgumentException if this cannot be asked for
   */
  Source<BindingView, NotUsed> bindings(Map<String, String> asked) {
    Asked.only(asked, "prefix", "fe", "state", "limit");
    long limit = Asked.count(asked, "limit").orElse(Long.MAX_VALUE);
    Optional<IpPrefix> prefix = Asked.prefix(asked, ranges);
    Optional<FeId> fe = Optional.ofNullable(asked.get("fe")).map(FeId::new);
    Optional<String> state = Asked.word(asked, "state", STATES);
    List<RangeId> wanted =
        ranges.ranges().stream()
            .filter(range -> prefix.map(range.prefix()::overlaps).orElse(true))
            .toList();
    return Source.from(wanted)
        .flatMapConcat(this::pages)
        .filter(found -> prefix.map(p -> p.contains(found.binding().address())).orElse(true))
        .filter(found -> fe.map(found.binding().fe()::equals).orElse(true))
        .map(this::view)
        .filter(found -> state.map(found.state()::equals).orElse(true))
        .take(limit);
  }

  /** Every bound address, for whoever plans. */
  public Source<BoundAddress, NotUsed> bound() {
    return Source.from(ranges.ranges())
        .flatMapConcat(this::pages)
        .map(
            found -> {
              Binding binding = found.binding();
              KnownVm vm = knownVms.get(binding.address());
              return new BoundAddress(
                  binding.address(),
                  binding.mac(),
                  binding.fe(),
                  !found.silent() && found.damped().isEmpty(),
                  vm == null ? Set.of() : vm.sites());
            });
  }

  /** Whether a range of the cluster has it. */
  boolean isMobile(IpAddress address) {
    return ranges.rangeOf(address).isPresent();
  }

  /** The binding of one address; empty if it is not bound or not mobile. */
  CompletionStage<Optional<BindingView>> binding(IpAddress address) {
    Optional<RangeId> range = ranges.rangeOf(address);
    if (range.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return owners
        .<FoundBinding>ask(range.get(), replyTo -> new FindBinding(address, replyTo), TIMEOUT)
        .thenApply(
            found ->
                found
                    .binding()
                    .map(
                        binding ->
                            view(new Found(range.get(), binding, found.silent(), found.damped()))));
  }

  /** Lets an address move again; empty if it could. */
  CompletionStage<Optional<UndampedView>> clearDamping(IpAddress address, Order order) {
    Optional<RangeId> range = ranges.rangeOf(address);
    if (range.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return owners
        .<DampingCleared>ask(
            range.get(), replyTo -> new ClearDamping(address, order, replyTo), TIMEOUT)
        .thenApply(
            cleared ->
                cleared.wasDamped()
                    ? Optional.of(new UndampedView(address.toString(), range.get().toString()))
                    : Optional.empty());
  }

  /** Every range and its owner; one that does not answer has none, and epoch 0. */
  CompletionStage<List<RangeView>> ranges() {
    return descriptions()
        .thenApply(
            answers ->
                ranges.ranges().stream()
                    .map(range -> rangeView(range, answers.get(range)))
                    .toList());
  }

  /** Where each range is, by its owner; one that does not answer is left out. */
  public CompletionStage<List<Head>> heads() {
    return descriptions()
        .thenApply(
            answers ->
                answers.values().stream()
                    .filter(each -> each.epoch() > 0)
                    .map(each -> new Head(each.range(), each.epoch(), each.revision(), each.hash()))
                    .toList());
  }

  private static RangeView rangeView(RangeId range, @Nullable RangeDescription answer) {
    return answer == null
        ? new RangeView(range.toString(), "", 0, 0, 0, 0, 0, "", null)
        : new RangeView(
            range.toString(),
            answer.owner().value(),
            answer.epoch(),
            answer.revision(),
            answer.bindingCount(),
            answer.silentCount(),
            answer.dampedCount(),
            answer.hash().toString(),
            convergence(answer.convergence()));
  }

  private static ConvergenceView convergence(ConvergenceTimes times) {
    return new ConvergenceView(
        times.changes(), times.givenUp(), times.p50Ms(), times.p99Ms(), times.maxMs());
  }

  /** Every controller. */
  List<MemberView> members() {
    return directory.members().stream()
        .map(
            seen ->
                new MemberView(
                    seen.id().value(),
                    seen.address(),
                    seen.status(),
                    seen.reachable(),
                    seen.oldest()))
        .toList();
  }

  /** Every element of the inventory and how far it has followed. */
  CompletionStage<List<ElementView>> forwardingElements() {
    return descriptions()
        .thenCombine(
            sessionListings(),
            (described, listings) ->
                inventory.values().stream()
                    .map(element -> elementView(element, described, listings))
                    .toList());
  }

  private String membersCheck() {
    List<ControllerDirectory.Seen> members = directory.members();
    if (members.isEmpty()) {
      return "this controller is in no cluster yet; its log says what it waits for";
    }
    return members.stream().allMatch(m -> m.reachable()) ? "ok" : "a controller is unreachable";
  }

  /** Whether the cluster serves every range. */
  CompletionStage<HealthView> health() {
    return descriptions()
        .<Map<String, String>>thenApply(
            described -> {
              Map<String, String> checks = new TreeMap<>();
              checks.put("members", membersCheck());
              int silent = ranges.ranges().size() - described.size();
              long inactive = described.values().stream().filter(r -> r.epoch() == 0).count();
              if (silent > 0) {
                checks.put("ranges", silent + " ranges do not answer");
              } else {
                checks.put(
                    "ranges", inactive == 0 ? "ok" : inactive + " ranges are not active yet");
              }
              return checks;
            })
        .thenApply(
            checks ->
                new HealthView(
                    checks.values().stream().allMatch("ok"::equals) ? "ok" : "degraded", checks));
  }

  private Source<Found, NotUsed> pages(RangeId range) {
    return Source.unfoldAsync(
            Optional.of(Optional.<IpAddress>empty()),
            (Optional<Optional<IpAddress>> next) ->
                next.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : page(range, next.get()))
        .mapConcat(page -> page);
  }

  private CompletionStage<Optional<Pair<Optional<Optional<IpAddress>>, List<Found>>>> page(
      RangeId range, Optional<IpAddress> after) {
    return owners
        .<BindingPage>ask(range, replyTo -> new ListBindings(after, PAGE, replyTo), TIMEOUT)
        .thenApply(
            page -> {
              List<Binding> rows = page.bindings();
              Optional<Optional<IpAddress>> next =
                  rows.size() < PAGE
                      ? Optional.empty()
                      : Optional.of(Optional.of(rows.get(rows.size() - 1).address()));
              return Optional.of(Pair.create(next, found(page)));
            });
  }

  private static List<Found> found(BindingPage page) {
    Set<IpAddress> silent = Set.copyOf(page.silent());
    Map<IpAddress, Damped> damped = new HashMap<>();
    page.damped().forEach(each -> damped.put(each.address(), each));
    return page.bindings().stream()
        .map(
            binding ->
                new Found(
                    page.range(),
                    binding,
                    silent.contains(binding.address()),
                    Optional.ofNullable(damped.get(binding.address()))))
        .toList();
  }

  /** What each range says of itself; a range that does not answer in time is left out. */
  private CompletionStage<Map<RangeId, RangeDescription>> descriptions() {
    List<CompletableFuture<Optional<RangeDescription>>> asked =
        ranges.ranges().stream()
            .map(
                range ->
                    owners
                        .<RangeDescription>ask(range, DescribeRange::new, TIMEOUT)
                        .toCompletableFuture()
                        .handle((answer, failure) -> Optional.ofNullable(answer)))
            .toList();
    return all(asked)
        .thenApply(
            answers -> {
              Map<RangeId, RangeDescription> byRange = new LinkedHashMap<>();
              answers.forEach(
                  answer -> answer.ifPresent(range -> byRange.put(range.range(), range)));
              return byRange;
            });
  }

  private CompletionStage<List<SessionListing>> sessionListings() {
    return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
            system.receptionist(),
            replyTo -> Receptionist.find(Sessions.KEY, replyTo),
            TIMEOUT,
            system.scheduler())
        .thenCompose(
            listing -> {
              List<CompletableFuture<Optional<SessionListing>>> asked = new ArrayList<>();
              for (ActorRef<Sessions.Command> node : listing.getServiceInstances(Sessions.KEY)) {
                asked.add(
                    AskPattern.<Sessions.Command, SessionListing>ask(
                            node, ListSessions::new, TIMEOUT, system.scheduler())
                        .toCompletableFuture()
                        // A node that is going away has no sessions worth waiting for.
                        .handle((answer, failure) -> Optional.ofNullable(answer)));
              }
              return all(asked);
            })
        .thenApply(found -> found.stream().flatMap(Optional::stream).toList());
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
        .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }

  private BindingView view(Found found) {
    Binding binding = found.binding();
    FeEndpoint element = inventory.get(binding.fe());
    return new BindingView(
        binding.address().toString(),
        binding.fe().value(),
        element == null ? "" : element.site().value(),
        binding.mac().toString(),
        binding.version(),
        found.range().toString(),
        found.damped().isPresent() ? DAMPED : found.silent() ? INACTIVE : ACTIVE,
        found.damped().map(damped -> -Math.floorDiv(-damped.forMs(), MS_PER_SECOND)).orElse(null),
        allowedSites(binding.address()));
  }

  private List<String> allowedSites(IpAddress address) {
    KnownVm vm = knownVms.get(address);
    return vm == null ? List.of() : vm.sites().stream().map(SiteId::value).sorted().toList();
  }

  private ElementView elementView(
      FeEndpoint element, Map<RangeId, RangeDescription> described, List<SessionListing> listings) {
    List<String> sessions =
        listings.stream()
            .filter(listing -> listing.elements().contains(element.fe()))
            .map(SessionListing::controller)
            .map(ControllerId::value)
            .sorted()
            .toList();
    List<ElementRange> followed =
        described.values().stream().map(range -> elementRange(element.fe(), range)).toList();
    boolean inSync =
        followed.size() == ranges.ranges().size()
            && followed.stream()
                .allMatch(
                    range ->
                        range.epoch() > 0 && range.appliedRevision() == range.committedRevision());
    return new ElementView(
        element.fe().value(),
        element.site().value(),
        element.underlay().toString(),
        !sessions.isEmpty(),
        sessions,
        inSync,
        followed);
  }

  private static ElementRange elementRange(FeId fe, RangeDescription range) {
    FeProgress progress =
        range.followers().stream()
            .filter(follower -> follower.fe().equals(fe))
            .findFirst()
            .orElse(new FeProgress(fe, 0, 0));
    return new ElementRange(
        range.range().toString(), range.revision(), progress.revision(), progress.epoch());
  }
}
