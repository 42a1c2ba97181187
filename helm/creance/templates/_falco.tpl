{{/* Values for Falco's chart that lead its events here. */}}
{{- define "creance.falcoValues" -}}
{{- $name := include "creance.fullname" . -}}
{{- $source := .Values.source -}}
falco:
  # What agents do is told with the least priority; every rule that matches an event tells it.
  rules_files: [/etc/creance-rules/{{ .Values.falco.rules.file }}, /etc/falco/falco_rules.yaml, /etc/falco/rules.d]
  rule_matching: all
  priority: debug
  # Container and pod, where Falco knows them.
  append_output:
    - suggested_output: true
  # Every loss of system calls is told, not only large ones: a session with a hole is not learned from.
  syscall_event_drops:
    threshold: 0
    actions: [log, alert]
    rate: 1
    max_burst: 10
{{- if eq $source.kind "http" }}
  json_output: true
  http_output:
    enabled: true
    {{- with $source.http.existingSecret }}
    # Ends in the path of Secret {{ . }}.
    {{- end }}
    url: {{ ternary "https" "http" (ne $source.http.tls.existingSecret "") }}://{{ include "creance.intakeHost" . }}:{{ $source.http.port }}/
    keep_alive: true
{{- else }}
  # Falco 0.24 to 0.43 only: from 0.44 on there is no gRPC, and Falco does not start with these keys.
  grpc:
    enabled: true
    {{- if eq $source.kind "socket" }}
    # Falco's chart mounts this folder of the node by itself.
    bind_address: unix://{{ $source.socket.hostPath }}/{{ $source.socket.file }}
    {{- else }}
    bind_address: 0.0.0.0:{{ $source.tls.port }}
    private_key: /etc/falco/certs/server.key
    cert_chain: /etc/falco/certs/server.crt
    root_certs: /etc/falco/certs/ca.crt
    {{- end }}
  grpc_output:
    enabled: true
  # By gRPC the fields come apart already; JSON would be made in vain.
  json_output: false
{{- end }}
{{- if eq $source.kind "tls" }}
certs:
  # A Secret with server.crt, which must name {{ include "creance.falcoGrpcHost" . }}, server.key, and the ca.crt that signed our tls.crt.
  existingSecret: falco-server
{{- end }}
mounts:
  volumes:
    - name: creance-rules
      configMap: { name: {{ $name }}-falco-rules }
  volumeMounts:
    - { name: creance-rules, mountPath: /etc/creance-rules, readOnly: true }
{{- end -}}
