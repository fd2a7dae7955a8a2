// A producer that is not kafkajs, and does what it is told, byte for byte: foreign-producer.ts tells it.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Reads one record a line, fields separated by tabs: its number, codec, topic, the user who sends it and his password
 * (both may be empty), key, value, and then name and value of each header; key, value and headers in Base64, "-" for
 * null. Answers each with its number and where the broker has it: partition and offset.
 */
public class ForeignProducer {
  private static final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();

  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line; (line = lines.readLine()) != null; ) send(brokers, line.split("\t", -1));
    }
    producers.values().forEach(KafkaProducer::close);
  }

  private static void send(String brokers, String[] fields) {
    var record = new ProducerRecord<>(fields[2], bytes(fields[5]), bytes(fields[6]));
    for (int at = 7; at < fields.length; at += 2) {
      record.headers().add(new String(bytes(fields[at]), StandardCharsets.UTF_8), bytes(fields[at + 1]));
    }
    String name = fields[1] + " " + fields[3];
    producers.computeIfAbsent(name, key -> producer(brokers, fields)).send(record, (metadata, failure) -> {
      String answer = failure == null ? metadata.partition() + "\t" + metadata.offset() : "failed\t" + failure;
      System.out.println(fields[0] + "\t" + answer.replace('\n', ' '));
    });
  }

  /** Repeats for ever what a broker does not acknowledge, soon: brokers are killed while it sends. */
  private static KafkaProducer<byte[], byte[]> producer(String brokers, String[] fields) {
    var settings = new Properties();
    settings.put("bootstrap.servers", brokers);
    settings.put("compression.type", fields[1]);
    if (!fields[3].isEmpty()) {
      settings.put("security.protocol", "SASL_PLAINTEXT");
      settings.put("sasl.mechanism", "SCRAM-SHA-512");
      settings.put("sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required"
          + " username=\"" + fields[3] + "\" password=\"" + fields[4] + "\";");
    }
    settings.put("max.request.size", 64 << 20); // before compression: the broker judges what is left of it
    settings.put("buffer.memory", 128L << 20);
    settings.put("max.block.ms", Integer.MAX_VALUE);
    settings.put("delivery.timeout.ms", Integer.MAX_VALUE);
    settings.put("request.timeout.ms", 2_000);
    settings.put("socket.connection.setup.timeout.ms", 2_000);
    settings.put("reconnect.backoff.max.ms", 500);
    settings.put("retry.backoff.max.ms", 500);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static byte[] bytes(String field) {
    return field.equals("-") ? null : Base64.getDecoder().decode(field);
  }
}
