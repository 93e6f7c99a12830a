{{- define "samphire.labels" -}}
app.kubernetes.io/name: samphire
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "samphire.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false {{- /* of a service called samphire they would set SAMPHIRE_PORT */}}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
terminationGracePeriodSeconds: 45
volumes:
  - name: data
    persistentVolumeClaim:
      claimName: {{ .Values.data.existingClaim | default (printf "%s-data" .Release.Name) }}
  - name: tmp
    emptyDir: {}
{{- end }}

{{- define "samphire.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
envFrom:
  - configMapRef: {name: {{ .Release.Name }}}
  - secretRef: {name: {{ .Values.secret }}}
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
{{- end }}
