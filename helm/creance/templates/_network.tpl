{{/* Falco's pods, as a NetworkPolicy peer. */}}
{{- define "creance.falcoPeer" -}}
- podSelector:
    matchLabels:
      {{- toYaml .Values.falco.podLabels | nindent 6 }}
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ include "creance.falcoNamespace" . }}
{{- end -}}

{{/* The pod of `helm test`, as a NetworkPolicy peer. */}}
{{- define "creance.testPeer" -}}
{{- if .Values.test.enabled -}}
- podSelector:
    matchLabels:
      {{- include "creance.selectorLabels" (list . "test") | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* The ports of all URLs that alerts go to, each once, as NetworkPolicy ports. */}}
{{- define "creance.alertPorts" -}}
{{- $urls := dig "alert" "alertmanagers" list .Values.config -}}
{{- range list "webhook" "falco" -}}
{{- $urls = append $urls (dig "alert" . "url" "" $.Values.config) -}}
{{- end -}}
{{- $ports := list -}}
{{- range compact $urls -}}
{{- $url := urlParse . -}}
{{- $port := ternary "443" "80" (eq $url.scheme "https") -}}
{{- if regexMatch ":[0-9]+$" $url.host }}{{ $port = regexFind "[0-9]+$" $url.host }}{{ end -}}
{{- $ports = append $ports $port -}}
{{- end -}}
{{- range $ports | uniq | sortAlpha }}
- { port: {{ . }}, protocol: TCP }
{{- end -}}
{{- end -}}

{{/* What a consumer must reach, wherever it runs, as the rules of a NetworkPolicy. */}}
{{- define "creance.egress" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $source := .Values.source -}}
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- if eq $source.kind "tls" }}
- ports:
    - { port: {{ $source.tls.port }}, protocol: TCP }
  {{- if not $source.tls.host }}
  to:
    {{- include "creance.falcoPeer" . | nindent 4 }}
  {{- end }}
{{- end }}
{{- with include "creance.alertPorts" . }}
- ports:
    {{- . | nindent 4 }}
  {{- with $policy.alerts.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- if .Values.store.redis.bundled.enabled }}
- ports:
    - { port: 6379, protocol: TCP }
  to:
    - podSelector:
        matchLabels:
          {{- include "creance.selectorLabels" (list . "redis") | nindent 10 }}
      namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Release.Namespace }}
{{- else if eq .Values.store.kind "redis" }}
- ports:
    - { port: {{ $policy.redis.port }}, protocol: TCP }
  {{- with $policy.redis.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- with $policy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}
