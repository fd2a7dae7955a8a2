import { context, type Span, SpanKind, SpanStatusCode, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** What waits for a collector that is away, or slow: what is more is dropped, and nobody waits for it. */
const SPANS_WAITING_MAX = 2_048;
const EXPORT_INTERVAL_MS = 1_000;
/** Of the last export, when the process stops. */
const LAST_EXPORT_MS_MAX = 1_000;

/** Undefined: nobody collects spans, and none are made. */
let tracer: Tracer | undefined;

/**
 * Makes spans of this process and sends them to the collector at `OTEL_EXPORTER_OTLP_ENDPOINT` (OTLP over HTTP), if it is
 * set.
 * @returns ends it, and sends what is left
 */
export function startTracing(service: string): () => Promise<void> {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return async () => {};
  const exporter = new OTLPTraceExporter();
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: SPANS_WAITING_MAX,
    scheduledDelayMillis: EXPORT_INTERVAL_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.namespace': 'pasindo', 'service.name': service }),
    spanProcessors: [processor],
  });
  tracer = provider.getTracer('pasindo');
  return async () => {
    tracer = undefined;
    const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_EXPORT_MS_MAX).unref());
    await Promise.race([provider.shutdown().catch(() => {}), late]);
  };
}

/** An event, as it is told in a span: names and ids, nothing of what it says. */
interface Traced {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly correlationId: string;
  /** What it belongs to; absent: it begins a trace. */
  readonly traceparent?: string | undefined;
}

const KINDS = { append: SpanKind.INTERNAL, publish: SpanKind.PRODUCER, process: SpanKind.CONSUMER };

/** What is done about an event, from now until it is ended; undefined: nobody collects spans. */
export function spanOf(what: keyof typeof KINDS, event: Traced): Span | undefined {
  const { id, type, topic, key, correlationId, traceparent } = event;
  return tracer?.startSpan(
    `${what} ${type}`,
    {
      kind: KINDS[what],
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': what,
        'messaging.destination.name': topic,
        'messaging.kafka.message.key': key,
        'messaging.message.id': id,
        'messaging.message.conversation_id': correlationId,
      },
    },
    parentOf(traceparent),
  );
}

/** Ends spans of what was done together. */
export function endSpans(spans: readonly (Span | undefined)[], failed = false): void {
  for (const span of spans) {
    if (failed) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  }
}

/** As what follows from it is told to belong to it (W3C Trace Context). */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function parentOf(traceparent = '') {
  const [, traceId, spanId, flags = '00'] = traceparent.split('-');
  if (!traceId || !spanId) return context.active();
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(context.active(), { traceId, spanId, traceFlags, isRemote: true });
}
