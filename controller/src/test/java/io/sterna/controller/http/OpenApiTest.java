package io.sterna.controller.http;

import static io.sterna.controller.http.ApiDocument.text;
import static io.sterna.controller.http.ApiDocument.texts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.function.Function;
import akka.util.ByteString;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.audit.AuditReading;
import io.sterna.controller.audit.FollowedJournal;
import io.sterna.controller.cluster.ControllerDirectory;
import io.sterna.controller.execution.NoRelocation;
import io.sterna.controller.execution.RelocationCommand.PlanSummary;
import io.sterna.controller.execution.RelocationCommand.StepView;
import io.sterna.controller.http.ApiDocument.Operation;
import io.sterna.controller.owner.RangeOwners;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.BrokenRecordException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document of the API says of every path, parameter and field what is there. */
@SuppressWarnings("NullAway.Init") // set before all tests
class OpenApiTest {
  private static final Set<Class<?>> WHOLE =
      Set.of(long.class, int.class, Long.class, Integer.class);
  private static final Set<Class<?>> REAL = Set.of(double.class, Double.class);
  private static final Set<Class<?>> TRUTH = Set.of(boolean.class, Boolean.class);

  private static ActorTestKit kit;
  private static Function<HttpRequest, CompletionStage<HttpResponse>> routes;
  private static ApiDocument document;

  @BeforeAll
  static void start() throws Exception {
    document = ApiDocument.read();
    kit =
        ActorTestKit.create(
            "api",
            ConfigFactory.parseString(
                    """
                    akka.loglevel = OFF
                    akka.actor.provider = cluster
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    # There is no cluster to leave in order: that would wait for a coordinator for 10 s.
                    akka.coordinated-shutdown.run-by-actor-system-terminate = off
                    """)
                .withFallback(ConfigFactory.parseResources("controller-akka.conf"))
                .withFallback(ConfigFactory.load()));
    routes = routes().routes().handler(kit.system());
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** Owners that are never found, no plans, no traffic, and a record that cannot be read. */
  private static ApiRoutes routes() {
    ControllerSettings settings = ApiOfTests.settings();
    Supplier<AuditReading> reading =
        () -> {
          throw new BrokenRecordException(RangeId.parse("10.10.0.0/20"), 7, "it is a test");
        };
    Supplier<FollowedJournal> followed =
        () -> {
          throw new BrokenRecordException(RangeId.parse("10.10.0.0/20"), 7, "it is a test");
        };
    RangeOwners owners = RangeOwners.start(kit.system(), range -> Behaviors.ignore());
    ActorRef<Object> nobody = kit.system().deadLetters();
    return new ApiRoutes(
        new ClusterView(kit.system(), settings, new ControllerDirectory(kit.system()), owners),
        new TrafficView(kit.system(), settings, nobody.unsafeUpcast()),
        new PlansView(kit.system(), kit.spawn(NoRelocation.create())),
        new AuditView(kit.system(), settings, reading, followed, Optional.empty()),
        new RestoreView(kit.system(), settings.ranges(), reading, owners),
        OperatorTokens.none());
  }

  @Test
  void everyPathAndParameterIsThere() throws Exception {
    Map<String, CompletionStage<HttpResponse>> asked = new LinkedHashMap<>();
    for (Operation each : document.operations()) {
      for (HttpRequest request : requests(each)) {
        asked.put(request.method().value() + " " + request.getUri(), answer(request));
      }
    }
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, CompletionStage<HttpResponse>> each : asked.entrySet()) {
      HttpResponse response = each.getValue().toCompletableFuture().get(60, TimeUnit.SECONDS);
      int status = response.status().intValue();
      String code = code(response);
      boolean isThere = !(status == 404 && code.equals("not_found")) && status != 405;
      // A cursor is of one log: the example is of none that is here.
      boolean isBad = status == 400 && !each.getKey().contains("cursor=");
      if (!isThere || isBad || status == 415 || status == 500) {
        wrong.add(each.getKey() + ": " + status + " " + code);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(asked.size() > 60, "requests: " + asked.keySet());
  }

  @Test
  void anotherPathOrMethodWouldBeNoticed() throws Exception {
    HttpResponse nothing = await(HttpRequest.GET("/api/v1/bindings/10.10.1.11/friends"));
    assertEquals(404, nothing.status().intValue());
    assertEquals("not_found", code(nothing));
    assertEquals(405, await(HttpRequest.PUT("/api/v1/members")).status().intValue());
  }

  @Test
  void everyAnswerIsAmongTheDocumented() throws Exception {
    // All at once: many are answered only after seconds, since there is nobody to ask.
    Map<Operation, List<CompletionStage<HttpResponse>>> asked = new LinkedHashMap<>();
    for (Operation each : document.operations()) {
      for (HttpRequest request : requests(each)) {
        asked.computeIfAbsent(each, key -> new ArrayList<>()).add(answer(request));
      }
    }
    for (Map.Entry<Operation, List<CompletionStage<HttpResponse>>> each : asked.entrySet()) {
      for (CompletionStage<HttpResponse> answer : each.getValue()) {
        HttpResponse response = answer.toCompletableFuture().get(60, TimeUnit.SECONDS);
        String status = String.valueOf(response.status().intValue());
        assertTrue(
            each.getKey().node().path("responses").has(status),
            each.getKey() + ": " + status + " " + code(response));
        response.discardEntityBytes(kit.system());
      }
    }
  }

  @Test
  void itIsServed() throws Exception {
    HttpResponse response = await(HttpRequest.GET("/api/v1/openapi.yaml"));
    assertEquals("application/yaml", response.entity().getContentType().toString());
    byte[] served = body(response).toArray();
    try (var stored = ApiDocument.class.getResourceAsStream("/openapi.yaml")) {
      assertArrayEquals(stored.readAllBytes(), served);
    }
  }

  @Test
  void fieldsAreThoseOfTheRecords() throws Exception {
    Set<Class<?>> documented = new HashSet<>();
    List<JsonNode> schemas = new ArrayList<>();
    ApiDocument.walk(
        "",
        document.root(),
        (where, node) -> {
          if (node.has("x-record")) {
            schemas.add(node);
          }
        });
    for (JsonNode schema : schemas) {
      String name = text(schema, "x-record");
      Class<?> type = Class.forName(name);
      documented.add(type);
      boolean leavesNullOut =
          type.isAnnotationPresent(JsonInclude.class) || name.endsWith("Request");
      Set<String> required = new LinkedHashSet<>();
      Set<String> fields = new LinkedHashSet<>();
      for (RecordComponent field : type.getRecordComponents()) {
        boolean mayBeNull = field.getAnnotatedType().isAnnotationPresent(Nullable.class);
        fields.add(field.getName());
        if (!mayBeNull || !leavesNullOut) {
          required.add(field.getName());
        }
        JsonNode property = schema.path("properties").path(field.getName());
        assertEquals(
            types(field.getType(), mayBeNull && !leavesNullOut),
            types(property),
            name + "." + field.getName());
      }
      assertEquals(fields, names(schema.path("properties")), name);
      assertEquals(required, texts(schema.path("required")), name);
    }
    Set<Class<?>> answered = new HashSet<>(Set.of(PlanSummary.class, StepView.class));
    for (Class<?> model :
        List.of(
            ApiModel.class,
            AuditModel.class,
            RestoreModel.class,
            TrafficModel.class,
            AuditView.class,
            ArchiveRoutes.class)) {
      Stream.of(model.getDeclaredClasses()).filter(Class::isRecord).forEach(answered::add);
    }
    answered.removeAll(documented);
    // An error in an object of its own, as everywhere.
    assertEquals(Set.of(RestoreModel.FailureView.class), answered);
  }

  @Test
  void itHoldsTogether() {
    assertTrue(text(document.root(), "openapi").startsWith("3.1."), "OpenAPI 3.1");
    Set<String> used = new HashSet<>();
    ApiDocument.walk(
        "",
        document.root(),
        (where, node) -> {
          if (node.has("$ref")) {
            used.add(text(node, "$ref"));
            assertFalse(document.resolved(node).isMissingNode(), where + ": " + node);
          }
        });
    for (String kind : List.of("schemas", "parameters", "responses")) {
      for (String name : names(document.root().path("components").path(kind))) {
        assertTrue(used.contains("#/components/" + kind + "/" + name), name + " is not used");
      }
    }
    Set<String> ids = new HashSet<>();
    Set<String> tags = new HashSet<>();
    document.root().path("tags").forEach(each -> tags.add(text(each, "name")));
    for (Operation each : document.operations()) {
      assertTrue(ids.add(text(each.node(), "operationId")), each + ": the id is not unique");
      assertTrue(tags.containsAll(texts(each.node().path("tags"))), each + ": unknown tag");
      assertFalse(text(each.node(), "summary").isEmpty(), each + " has no summary");
      assertFalse(each.examplePath().contains("{"), each + ": a parameter of the path is missing");
      for (JsonNode parameter : each.parameters()) {
        assertTrue(parameter.has("example"), each + ": no example: " + parameter);
        assertTrue(parameter.has("schema"), each + ": no schema: " + parameter);
      }
      boolean changes = !each.method().equals("get");
      assertEquals(changes, each.node().has("security"), each + ": who may");
      assertEquals(changes, each.node().path("responses").has("401"), each + ": 401");
    }
  }

  /** With what is needed only, with each parameter, and with each body. */
  private static List<HttpRequest> requests(Operation operation) {
    Set<String> queries = new LinkedHashSet<>();
    queries.add(operation.query(MissingNode.getInstance()));
    operation.queries().forEach(each -> queries.add(operation.query(each)));
    JsonNode examples = operation.node().at("/requestBody/content/application~1json/examples");
    List<HttpRequest> requests = new ArrayList<>();
    for (String query : queries) {
      HttpRequest request =
          HttpRequest.create("/api/v1" + operation.examplePath() + query)
              .withMethod(method(operation));
      if (examples.isMissingNode()) {
        requests.add(request);
      }
      int number = 0;
      for (JsonNode body : examples) {
        requests.add(
            HttpRequest.create(request.getUri() + "#" + number++)
                .withMethod(request.method())
                .withEntity(ContentTypes.APPLICATION_JSON, body.path("value").toString()));
      }
    }
    return requests;
  }

  private static akka.http.javadsl.model.HttpMethod method(Operation operation) {
    return switch (operation.method()) {
      case "get" -> HttpMethods.GET;
      case "post" -> HttpMethods.POST;
      case "delete" -> HttpMethods.DELETE;
      default -> throw new AssertionError(operation + " is no method of this API");
    };
  }

  private static CompletionStage<HttpResponse> answer(HttpRequest request) throws Exception {
    return routes.apply(request);
  }

  private static HttpResponse await(HttpRequest request) throws Exception {
    return answer(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static ByteString body(HttpResponse response) throws Exception {
    return response
        .entity()
        .toStrict(10_000, kit.system())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .getData();
  }

  /** The word of an error; empty if it is none. */
  private static String code(HttpResponse response) throws Exception {
    if (response.status().isSuccess()) {
      return "";
    }
    return new ObjectMapper()
        .readTree(body(response).utf8String())
        .path("error")
        .path("code")
        .asText("");
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new LinkedHashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> types(Class<?> type, boolean mayBeNull) {
    Set<String> types = new HashSet<>();
    types.add(
        WHOLE.contains(type)
            ? "integer"
            : REAL.contains(type)
                ? "number"
                : TRUTH.contains(type)
                    ? "boolean"
                    : type == String.class
                        ? "string"
                        : Collection.class.isAssignableFrom(type) ? "array" : "object");
    if (mayBeNull) {
      types.add("null");
    }
    return types;
  }

  private static Set<String> types(JsonNode property) {
    JsonNode schema = document.resolved(property);
    Set<String> types = new HashSet<>();
    if (schema.path("type").isArray()) {
      types.addAll(texts(schema.path("type")));
    } else if (schema.has("type")) {
      types.add(text(schema, "type"));
    }
    schema.path("oneOf").forEach(each -> types.addAll(types(each)));
    return types;
  }
}
