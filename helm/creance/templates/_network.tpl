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
