/* A virtual CPU of KVM that writes to a port, reads from one, writes to memory that is not there and halts; 77 where KVM
   is not to be had. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/kvm.h>
int main(){
 int kvm=open("/dev/kvm",O_RDWR|O_CLOEXEC); if(kvm<0){perror("kvm");return 77;}
 int vm=ioctl(kvm,KVM_CREATE_VM,0L); if(vm<0){perror("vm");return 77;}
 unsigned char *mem=mmap(0,0x1000,PROT_READ|PROT_WRITE,MAP_SHARED|MAP_ANONYMOUS,-1,0);
 /* mov dx,0x3f8; mov al,'a'; out dx,al ; in al,dx; mov [0x8000],al ; hlt */
 unsigned char code[]={0xba,0xf8,0x03,0xb0,0x41,0xee,0xec,0xa2,0x00,0x80,0xf4};
 memcpy(mem,code,sizeof code);
 struct kvm_userspace_memory_region r={.slot=0,.guest_phys_addr=0x1000,.memory_size=0x1000,.userspace_addr=(unsigned long)mem};
 if(ioctl(vm,KVM_SET_USER_MEMORY_REGION,&r)){perror("mem");return 77;}
 int vcpu=ioctl(vm,KVM_CREATE_VCPU,0L); if(vcpu<0){perror("vcpu");return 77;}
 int size=ioctl(kvm,KVM_GET_VCPU_MMAP_SIZE,0L);
 struct kvm_run*run=mmap(0,size,PROT_READ|PROT_WRITE,MAP_SHARED,vcpu,0);
 struct kvm_sregs s; ioctl(vcpu,KVM_GET_SREGS,&s); s.cs.base=0;s.cs.selector=0;ioctl(vcpu,KVM_SET_SREGS,&s);
 struct kvm_regs g={.rip=0x1000,.rflags=2}; ioctl(vcpu,KVM_SET_REGS,&g);
 for(int i=0;i<8;i++){ int rc=ioctl(vcpu,KVM_RUN,0L); if(rc<0){perror("run");return 1;} if(run->exit_reason==KVM_EXIT_HLT)break; }
 return 0;}
