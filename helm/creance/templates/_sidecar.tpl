{{/*
The native sidecar, for the `initContainers` of a pod. Charts that have this one as a dependency may include it:
  {{ include "creance.sidecar.container" (index .Subcharts "creance") }}
It starts before the job and ends after it.
*/}}
{{- define "creance.sidecar.container" -}}
- name: creance
  restartPolicy: Always
  {{- include "creance.container" . | nindent 2 }}
  {{- if .Values.sidecar.waitForFalco }}
  # The job starts when this has succeeded, so that nothing of it goes unseen. It waits for Falco alone, and for no store.
  startupProbe:
    httpGet: { path: /readyz/source, port: {{ .Values.server.port }} }
    periodSeconds: 2
    failureThreshold: {{ max 1 (div (int .Values.sidecar.waitSeconds) 2) }}
  {{- end }}
  resources:
    {{- toYaml .Values.sidecar.resources | nindent 4 }}
{{- end -}}

{{- define "creance.sidecar.volumes" -}}
{{- include "creance.volumes" (list . (include "creance.sidecar.configName" .)) -}}
{{- end -}}

{{- define "creance.sidecar.configName" -}}
{{ include "creance.fullname" . }}-sidecar
{{- end -}}

{{/* One consumer of a Falco: no two pods with the sidecar on a node. */}}
{{- define "creance.sidecar.affinity" -}}
podAntiAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - topologyKey: kubernetes.io/hostname
      namespaceSelector: {}
      labelSelector:
        matchLabels:
          {{- include "creance.sidecar.labels" . | nindent 10 }}
{{- end -}}

{{- define "creance.sidecar.labels" -}}
creance/sidecar: "true"
{{- end -}}

{{/* What a pod needs besides its own containers. */}}
{{- define "creance.sidecar.podSpec" -}}
terminationGracePeriodSeconds: {{ .Values.sidecar.terminationGracePeriodSeconds }}
affinity:
  {{- include "creance.sidecar.affinity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
initContainers:
  {{- include "creance.sidecar.container" . | nindent 2 }}
volumes:
  {{- include "creance.sidecar.volumes" . | nindent 2 }}
{{- end -}}
