;;; procoder.el --- ProCoder explains code in Eglot  -*- lexical-binding: t; -*-

(require 'eglot)

(defvar procoder-patience 300
  "Seconds after which the answer of a model is no longer waited for.")

(defvar procoder--token nil
  "Names the question whose answer is shown.")

(defclass procoder-server (eglot-lsp-server) ()
  :documentation "The language server of ProCoder.")

(dolist (mode '(python-mode python-ts-mode))
  (add-to-list 'eglot-server-programs
               `(,mode . (procoder-server "procoder" "lsp"
                                          :initializationOptions (:level "beginner")))))

(defun procoder-explain ()
  "Explain the function or class at point."
  (interactive)
  (procoder--ask "procoder.explain" :line (1- (line-number-at-pos nil t))))

(defun procoder-chat (text)
  "Ask TEXT about the region or the code at point, e.g. \"/tests @symbol:merge\"."
  (interactive "sAsk ProCoder: ")
  (procoder--ask "procoder.chat" :text text :range (procoder--range)))

(defun procoder-stop ()
  "Stop whatever a model is writing."
  (interactive)
  (procoder--run "procoder.stop" nil))

(defun procoder-toggle ()
  "Switch ProCoder off, or on again."
  (interactive)
  (procoder--run "procoder.toggle" nil))

;; Eglot stands still for a command, ten seconds at most: a model needs longer, and you go on.
(cl-defmethod eglot-execute-command ((_server procoder-server) command arguments)
  (procoder--run (format "%s" command) arguments))

;; Eglot 1.17 and newer, as Emacs 30 has it, calls this instead.
(cl-defmethod eglot-execute ((_server procoder-server) action)
  (if (stringp (plist-get action :command))
      (procoder--run (plist-get action :command) (plist-get action :arguments))
    (cl-call-next-method)))

;; What is written shows as it is written.
(cl-defmethod eglot-handle-notification
  ((_server procoder-server) (_method (eql $/progress)) &key token value)
  (if (not (equal token procoder--token))
      (cl-call-next-method)
    (when (equal (plist-get value :kind) "text")
      (procoder--show (plist-get value :text) 'append))))

(defun procoder--ask (command &rest argument)
  "Run COMMAND with ARGUMENT about this buffer; show its answer in another."
  (let ((uri (plist-get (eglot--TextDocumentIdentifier) :uri))
        (token (setq procoder--token (format "procoder-el-%s" (float-time)))))
    (procoder--show "")
    (procoder--run command (vector `(:uri ,uri :partialResultToken ,token ,@argument))
                   (lambda (result)
                     (when (equal token procoder--token)
                       (procoder--show (plist-get result :markdown)))))))

(defun procoder--run (command arguments &optional then)
  "Run COMMAND with ARGUMENTS while Emacs goes on; THEN gets the result."
  (jsonrpc-async-request
   (or (eglot-current-server) (user-error "ProCoder does not run here: M-x eglot"))
   :workspace/executeCommand `(:command ,command :arguments ,(or arguments []))
   :success-fn (or then #'ignore)
   :error-fn (jsonrpc-lambda (&key message &allow-other-keys) (message "ProCoder: %s" message))
   :timeout procoder-patience
   :timeout-fn (lambda () (message "ProCoder: no answer in %s seconds" procoder-patience)))
  nil)

(defun procoder--show (text &optional append)
  "Show TEXT in the buffer of answers, instead of or after what is there if APPEND."
  (with-current-buffer (get-buffer-create "*ProCoder*")
    (unless (derived-mode-p 'special-mode) (special-mode) (visual-line-mode))
    (let ((inhibit-read-only t))
      (unless append (erase-buffer))
      (save-excursion (goto-char (point-max)) (insert text)))
    (display-buffer (current-buffer))))

(defun procoder--range ()
  "Return the region, or an empty range at point, as LSP has it."
  (list :start (eglot--pos-to-lsp-position (if (use-region-p) (region-beginning) (point)))
        :end (eglot--pos-to-lsp-position (if (use-region-p) (region-end) (point)))))

(provide 'procoder)
;;; procoder.el ends here
