{{/* Of each service. */}}
{{- define "pasindo.ports" -}}
{ portal: 3000, catalogue: 3001, orders: 3002, payments: 3003, ledger: 3004 }
{{- end }}

{{/* Databases: by service, its own first. */}}
{{- define "pasindo.databases" -}}
catalogue: [catalogue, catalogue-keys]
orders: [orders]
payments: [payments]
ledger: [ledger]
portal: [portal]
{{- end }}

{{- define "pasindo.selector" -}}
app.kubernetes.io/name: pasindo
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "pasindo.labels" -}}
{{ include "pasindo.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "pasindo.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}{{ hasPrefix "sha256:" $tag | ternary "@" ":" }}{{ $tag }}
{{- end }}

{{- define "pasindo.brokers" -}}
{{ .Values.operators.kafka.enabled | ternary (printf "%s-kafka-kafka-bootstrap:9093" .Release.Name) .Values.kafka.brokers }}
{{- end }}

{{- define "pasindo.kafkaAdministrator" -}}
{{ .Values.operators.kafka.enabled | ternary (printf "%s-kafka-admin" .Release.Name) .Values.kafka.administrator }}
{{- end }}

{{/* The Secret with the certificate (ca.crt) by which the brokers are known; empty: none. */}}
{{- define "pasindo.kafkaCa" -}}
{{ .Values.operators.kafka.enabled | ternary (printf "%s-kafka-cluster-ca-cert" .Release.Name) .Values.kafka.caSecret }}
{{- end }}

{{/* Likewise of a database's server. */}}
{{- define "pasindo.postgresCa" -}}
{{ .root.Values.operators.postgres.enabled | ternary (printf "%s-postgres-%s-ca" .root.Release.Name .database) .root.Values.postgres.caSecret }}
{{- end }}

{{/* What pods of a service and of its migration are told alike. */}}
{{- define "pasindo.databaseEnvironment" -}}
- { name: DATABASE_URL_FILE, value: /secrets/{{ .component }}/database-url }
{{- if eq .component "catalogue" }}
- { name: PERSONAL_KEYS_DATABASE_URL_FILE, value: /secrets/catalogue-keys/database-url }
{{- end }}
{{- if .root.Values.allowPlaintext }}
- { name: ALLOW_PLAINTEXT, value: "on" }
{{- end }}
{{- end }}

{{- define "pasindo.kafkaEnvironment" -}}
- { name: KAFKA_BROKERS, value: {{ include "pasindo.brokers" .root | quote }} }
{{- if include "pasindo.kafkaCa" .root }}
- { name: KAFKA_TLS_CA, value: /certificates/kafka/ca.crt }
{{- end }}
{{- end }}

{{/* Certificates by which the servers of its databases are known. */}}
{{- define "pasindo.databaseMounts" -}}
{{- $root := .root }}
{{- range get (include "pasindo.databases" . | fromYaml) .component }}
{{- if include "pasindo.postgresCa" (dict "root" $root "database" .) }}
- { name: {{ . }}-ca, mountPath: /certificates/{{ . }}, readOnly: true }
{{- end }}
{{- end }}
{{- end }}

{{- define "pasindo.databaseVolumes" -}}
{{- $root := .root }}
{{- range $database := get (include "pasindo.databases" . | fromYaml) .component }}
{{- with include "pasindo.postgresCa" (dict "root" $root "database" $database) }}
- name: {{ $database }}-ca
  secret: { secretName: {{ . }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
{{- end }}

{{/* Nobody's rights, on a file system that nobody writes to. */}}
{{- define "pasindo.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "pasindo.containerSecurity" -}}
image: {{ include "pasindo.image" . }}
imagePullPolicy: Always
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* Of a container; memory is both asked for and the limit. */}}
{{- define "pasindo.resources" -}}
requests: { cpu: {{ .cpu }}, memory: {{ .memory }}, ephemeral-storage: 64Mi }
limits: { cpu: "2", memory: {{ .memory }}, ephemeral-storage: 1Gi }
{{- end }}

{{/*
Of a Job that is done before anything is exchanged: if it fails, the release does, and what ran goes on. Servers that the
chart itself asks for are not there before its first installation, where it tries beside the services until they are.
*/}}
{{- define "pasindo.before" -}}
{{- if not (and .server .root.Release.IsInstall) }}
annotations:
  helm.sh/hook: pre-install,pre-upgrade
  helm.sh/hook-delete-policy: before-hook-creation
  helm.sh/hook-weight: {{ .weight | default "0" | quote }}
{{- end }}
{{- end }}

{{- define "pasindo.toNames" -}}
- to: [{ namespaceSelector: {} }]
  ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
{{- end }}

{{- define "pasindo.toPostgres" -}}
{{- with .root.Values.network.postgres }}
{{- toYaml . }}
{{- end }}
{{- if .root.Values.operators.postgres.enabled }}
- to:
    {{- range get (include "pasindo.databases" . | fromYaml) .component }}
    - podSelector: { matchLabels: { cnpg.io/cluster: {{ $.root.Release.Name }}-postgres-{{ . }} } }
    {{- end }}
  ports: [{ protocol: TCP, port: 5432 }]
{{- end }}
{{- end }}

{{- define "pasindo.toKafka" -}}
{{- with .Values.network.kafka }}
{{- toYaml . }}
{{- end }}
{{- if .Values.operators.kafka.enabled }}
- to: [{ podSelector: { matchLabels: { strimzi.io/cluster: {{ .Release.Name }}-kafka } } }]
  ports: [{ protocol: TCP, port: 9093 }]
{{- end }}
{{- end }}
