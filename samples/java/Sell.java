import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A checkout over Kafka in binary mode, and what became of it, with kafka-clients alone:
 *   java -cp 'kafka-clients and slf4j' samples/java/Sell.java [ORDER]
 * Environment: KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD_FILE, CHANNEL, SKU.
 */
class Sell {
  static final String CHANNEL = setting("CHANNEL", "blanja");
  /** As whom a marketplace comes; the group that it reads as has this name too. */
  static final String USER = setting("KAFKA_USERNAME", "mp-" + CHANNEL);

  public static void main(String[] arguments) throws Exception {
    String order = arguments.length > 0 ? arguments[0] : "JAVA-" + Instant.now().getEpochSecond();
    String key = CHANNEL + "/" + order;
    String checkout = """
        {"channel":"%s","orderRef":"%s","placedAt":"%s",
         "lines":[{"lineRef":"1","sku":"%s","quantity":2,"unitPrice":150000}],"fees":15000}"""
        .formatted(CHANNEL, order, Instant.now().truncatedTo(ChronoUnit.DAYS), // so that the same order again is the same
            setting("SKU", "MJK-TAS-KULIT"));

    Properties sending = kafka();
    sending.put("acks", "all"); // else a broker that dies takes what it has just said it has
    sending.put("enable.idempotence", "true");
    try (var producer = new KafkaProducer<>(sending, new StringSerializer(), new StringSerializer())) {
      var message = new ProducerRecord<>("checkout." + CHANNEL + ".v1", key, checkout);
      attribute(message, "content-type", "application/json");
      attribute(message, "ce_specversion", "1.0");
      attribute(message, "ce_id", order + "-checkout"); // the same when it is sent again
      attribute(message, "ce_source", "/" + CHANNEL);
      attribute(message, "ce_type", "marketplace.checkout-completed.v1");
      producer.send(message).get();
    }

    Properties reading = kafka();
    reading.put("group.id", USER);
    reading.put("auto.offset.reset", "earliest");
    try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("outcomes." + CHANNEL + ".v1"));
      for (Instant end = Instant.now().plusSeconds(30); Instant.now().isBefore(end);) {
        for (var outcome : consumer.poll(Duration.ofMillis(500))) {
          if (!outcome.key().equals(key)) continue;
          System.out.println(outcome.value());
          return;
        }
      }
    }
    System.err.println("nothing became of " + key);
    System.exit(1);
  }

  static void attribute(ProducerRecord<String, String> message, String name, String value) {
    message.headers().add(name, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static Properties kafka() throws Exception {
    String file = setting("KAFKA_PASSWORD_FILE", ".pasindo/kafka/" + USER + ".password");
    String password = Files.readString(Path.of(file)).strip();
    Properties properties = new Properties();
    properties.put("bootstrap.servers", setting("KAFKA_BROKERS", "127.0.0.1:29092"));
    properties.put("security.protocol", "SASL_PLAINTEXT"); // SASL_SSL where the broker is elsewhere
    properties.put("sasl.mechanism", "SCRAM-SHA-512");
    properties.put("sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(USER, password));
    return properties;
  }

  static String setting(String name, String usual) {
    String given = System.getenv(name);
    return given == null || given.isEmpty() ? usual : given;
  }
}
