{{- define "creance.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 48 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 48 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods of a component. Takes a list: the root and the component. */}}
{{- define "creance.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: creance
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "creance.labels" -}}
{{- $root := index . 0 -}}
{{ include "creance.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "creance.image" -}}
{{- with .Values.image -}}
{{- $tag := default $.Chart.AppVersion .tag -}}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}:{{ $tag }}{{ if .digest }}@{{ .digest }}{{ end }}
{{- end -}}
{{- end -}}

{{- define "creance.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "creance.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "creance.falcoNamespace" -}}
{{- default .Release.Namespace .Values.falco.namespace -}}
{{- end -}}

{{- define "creance.sidecarNamespace" -}}
{{- default .Release.Namespace .Values.sidecar.namespace -}}
{{- end -}}

{{/* Names of the Services; hosts are full, because who asks may be in another namespace. */}}
{{- define "creance.intakeHost" -}}
{{ include "creance.fullname" . }}-intake.{{ .Release.Namespace }}.svc
{{- end -}}

{{- define "creance.falcoGrpcHost" -}}
{{- if .Values.source.tls.host -}}
{{- .Values.source.tls.host -}}
{{- else -}}
{{ include "creance.fullname" . }}-falco-grpc.{{ include "creance.falcoNamespace" . }}.svc
{{- end -}}
{{- end -}}

{{/* The one place that tells where events come from. */}}
{{- define "creance.sourceUrl" -}}
{{- with .Values.source -}}
{{- if eq .kind "socket" -}}
unix:///run/falco/{{ .socket.file }}
{{- else if eq .kind "tls" -}}
https://{{ include "creance.falcoGrpcHost" $ }}:{{ .tls.port }}
{{- else -}}
http://0.0.0.0:{{ .http.port }}/
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Secret with the source's certificates; empty when there are none. */}}
{{- define "creance.sourceTlsSecret" -}}
{{- with .Values.source -}}
{{- if eq .kind "tls" -}}{{ .tls.existingSecret }}{{- else if eq .kind "http" -}}{{ .http.tls.existingSecret }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* creance.yaml: what the user set, and what follows from the chart's own values. */}}
{{- define "creance.config" -}}
{{- $source := dict "url" (include "creance.sourceUrl" .) -}}
{{- $files := dict "cert" "/etc/creance-tls/tls.crt" "key" "/etc/creance-tls/tls.key" -}}
{{- $ca := "/etc/creance-tls/ca.crt" -}}
{{- if eq .Values.source.kind "tls" -}}
{{- $source = merge (dict "grpc" (dict "tls" (merge (dict "ca" $ca) $files))) $source -}}
{{- else if include "creance.sourceTlsSecret" . -}}
{{- $tls := ternary (merge (dict "ca" $ca) $files) $files .Values.source.http.tls.verifyClient -}}
{{- $source = merge (dict "http" (dict "tls" $tls)) $source -}}
{{- end -}}
{{- $own := dict "source" $source "server" (dict "listen" (printf "%s:%v" .Values.server.host .Values.server.port)) -}}
{{- if eq .Values.store.kind "ephemeral" -}}
{{- $_ := set $own "store" "file:/var/lib/creance" -}}
{{- else if .Values.store.redis.bundled.enabled -}}
{{- $_ := set $own "store" (printf "redis://%s-redis.%s.svc:6379/0" (include "creance.fullname" .) .Release.Namespace) -}}
{{- end -}}
{{- /* The user's word counts where the chart only has a better default. */ -}}
{{- $defaults := dict "alert" dict -}}
{{- if ne .Values.store.kind "redis" }}{{ $defaults = dict "alert" (dict "spool" "/var/lib/creance/alerts") }}{{ end -}}
{{- toYaml (mergeOverwrite $defaults (deepCopy .Values.config) $own) -}}
{{- end -}}

{{/* What must not be, each with what to do instead. Included by a template that is always rendered. */}}
{{- define "creance.validate" -}}
{{- $v := .Values -}}
{{- if and $v.sidecar.enabled (eq $v.source.kind "http") -}}
{{- fail "sidecar.enabled with source.kind=http: Falco posts to one URL, which cannot be every sidecar of a node. Use daemonset.enabled, or source.kind=socket or tls with a Falco up to 0.43 and one runner pod a node." -}}
{{- end -}}
{{- if and $v.sidecar.enabled $v.daemonset.enabled (not $v.sidecar.allowCompetingConsumers) -}}
{{- fail "sidecar.enabled and daemonset.enabled would both consume the same Falco, which gives each event to one of them only: each would miss what the other gets. Set daemonset.enabled=false, or sidecar.enabled=false." -}}
{{- end -}}
{{- if and $v.sidecar.enabled (eq $v.store.kind "ephemeral") -}}
{{- fail "sidecar.enabled with store.kind=ephemeral: a sidecar ends with its job, and what it learned with it. Set store.kind=redis." -}}
{{- end -}}
{{- if and (eq $v.source.kind "tls") (not $v.source.tls.existingSecret) -}}
{{- fail "source.kind=tls needs source.tls.existingSecret: a Secret with tls.crt, tls.key and ca.crt." -}}
{{- end -}}
{{- if and $v.source.http.tls.verifyClient (not $v.source.http.tls.existingSecret) -}}
{{- fail "source.http.tls.verifyClient needs source.http.tls.existingSecret: a Secret with tls.crt, tls.key and ca.crt." -}}
{{- end -}}
{{- if and (eq $v.store.kind "redis") (not $v.store.redis.existingSecret) (not $v.store.redis.bundled.enabled) -}}
{{- fail "store.kind=redis needs store.redis.existingSecret (a Secret with the key url), or store.redis.bundled.enabled=true for trying." -}}
{{- end -}}
{{- if and $v.store.redis.bundled.enabled (or $v.store.redis.existingSecret (ne $v.store.kind "redis")) -}}
{{- fail "store.redis.bundled.enabled needs store.kind=redis and no store.redis.existingSecret." -}}
{{- end -}}
{{- if and (eq $v.source.kind "http") (eq (int $v.source.http.port) (int $v.server.port)) -}}
{{- fail "source.http.port and server.port must differ." -}}
{{- end -}}
{{- $graces := list -}}
{{- if $v.daemonset.enabled }}{{ $graces = append $graces $v.daemonset.terminationGracePeriodSeconds }}{{ end -}}
{{- if $v.sidecar.enabled }}{{ $graces = append $graces $v.sidecar.terminationGracePeriodSeconds }}{{ end -}}
{{- range $graces -}}
{{- if ge (int (default 20000 $v.config.graceMs)) (mul 1000 (int .)) -}}
{{- fail (printf "config.graceMs (%v) must be less than terminationGracePeriodSeconds (%v): else Kubernetes kills the pod before its alerts are delivered." (int $v.config.graceMs) .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
