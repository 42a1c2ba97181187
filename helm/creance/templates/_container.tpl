{{/* Our container without its name: the same in a DaemonSet and in a runner's pod. */}}
{{- define "creance.container" -}}
image: {{ include "creance.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args: [watch, --config, /etc/creance/creance.yaml]
{{- with include "creance.env" . | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
ports:
  - name: metrics
    containerPort: {{ .Values.server.port }}
    protocol: TCP
  {{- if eq .Values.source.kind "http" }}
  - name: falco
    containerPort: {{ .Values.source.http.port }}
    protocol: TCP
    {{- if eq .Values.source.http.expose "hostPort" }}
    hostPort: {{ .Values.source.http.port }}
    {{- end }}
  {{- end }}
livenessProbe:
  httpGet: { path: /livez, port: {{ .Values.server.port }} }
  periodSeconds: 20
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /readyz, port: {{ .Values.server.port }} }
  periodSeconds: 10
  timeoutSeconds: 5
securityContext:
  {{- include "creance.securityContext" . | nindent 2 }}
volumeMounts:
  - { name: creance-config, mountPath: /etc/creance, readOnly: true }
  - { name: creance-state, mountPath: /var/lib/creance }
  {{- if eq .Values.source.kind "socket" }}
  - { name: creance-falco, mountPath: /run/falco, readOnly: true }
  {{- end }}
  {{- if include "creance.sourceTlsSecret" . }}
  - { name: creance-tls, mountPath: /etc/creance-tls, readOnly: true }
  {{- end }}
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Secrets come as variables, which overrule the file. */}}
{{- define "creance.env" -}}
{{- with .Values.store -}}
{{- if and (eq .kind "redis") .redis.existingSecret }}
- name: CREANCE_STORE
  valueFrom: { secretKeyRef: { name: {{ .redis.existingSecret }}, key: {{ .redis.existingSecretKey }} } }
{{- end }}
{{- end }}
{{- if and (eq .Values.store.kind "redis") (not (dig "alert" "spoolOwner" "" .Values.config)) }}
# Whose alerts they are in Redis: the next pod on the node goes on with them.
- name: NODE_NAME
  valueFrom: { fieldRef: { fieldPath: spec.nodeName } }
- name: CREANCE_ALERT_SPOOL_OWNER
  value: {{ .Release.Namespace }}/{{ include "creance.fullname" . }}/$(NODE_NAME)
{{- end }}
{{- with .Values.source -}}
{{- if and (eq .kind "http") .http.existingSecret }}
- name: CREANCE_SOURCE_HTTP_PATH
  valueFrom: { secretKeyRef: { name: {{ .http.existingSecret }}, key: path } }
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "creance.securityContext" -}}
{{- $context := deepCopy .Values.securityContext -}}
{{- if eq .Values.source.kind "socket" -}}
{{- $user := int .Values.source.socket.runAsUser -}}
{{- $context = mergeOverwrite $context (dict "runAsUser" $user "runAsNonRoot" (ne $user 0)) -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{/* Takes a list: the root and the name of the ConfigMap with creance.yaml. */}}
{{- define "creance.volumes" -}}
{{- $root := index . 0 -}}
{{- with $root.Values -}}
- name: creance-config
  configMap: { name: {{ index $ 1 }} }
# Outlives a crash of the container: alerts that are not delivered yet, and baselines that have no other store.
- name: creance-state
  emptyDir: { sizeLimit: 256Mi }
{{- if eq .source.kind "socket" }}
# The folder and not the socket: Falco makes the socket anew at each start.
- name: creance-falco
  hostPath: { path: {{ .source.socket.hostPath }}, type: DirectoryOrCreate }
{{- end }}
{{- with include "creance.sourceTlsSecret" $root }}
- name: creance-tls
  secret: { secretName: {{ . }} }
{{- end }}
{{- with .extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end -}}
